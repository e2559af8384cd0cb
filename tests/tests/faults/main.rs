//! Faults of the service, its clients and its neighbours, and what holds in spite of them: what was answered is there,
//! what was repeated happened once, numbers have no gaps, sums are right, every change has its event.

#![expect(clippy::panic, reason = "a test that fails panics")]

mod audit;
mod brokers;
mod cashiers;
mod clients;
mod clocks;
mod crashes;
mod crew;
mod event_feed;
mod failover;
#[cfg(feature = "apart")]
mod full_disk;
mod full_redis;
mod hostile_bodies;
#[cfg(feature = "kafka")]
mod kafka;
mod killed_commits;
mod load;
mod locked_accounts;
mod lost_commits;
mod opposite_transfers;
mod payments;
mod pooler;
mod postgres;
mod redis;
mod repeats;
mod replica;
mod restore;
mod rolling;
mod shutdown;
mod slow_clients;
mod sweepers;
mod transfers;
#[cfg(feature = "apart")]
mod upgrade;
mod validators;
mod voucher_jobs;
mod voucher_rebuilds;
mod waiting_transfers;
mod webhooks;
