//! Faults of the service, its clients and its neighbours, and what holds in spite of them: what was answered is there,
//! what was repeated happened once, numbers have no gaps, sums are right, every change has its event.

#![expect(clippy::panic, reason = "a test that fails panics")]

mod audit;
mod brokers;
mod clients;
mod crashes;
mod crew;
mod event_feed;
mod killed_commits;
mod load;
mod lost_commits;
mod payments;
mod postgres;
mod redis;
mod shutdown;
mod slow_clients;
mod sweepers;
mod transfers;
mod validators;
mod waiting_transfers;
mod webhooks;
