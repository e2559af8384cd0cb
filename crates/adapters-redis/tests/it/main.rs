//! The Redis adapters against a real Redis: held to the contracts of their ports, and with Redis killed, frozen, emptied.

#![expect(clippy::unwrap_used, reason = "tests")]

mod broker;
mod guess_limiter;
mod invoice_cache;
mod invoice_cache_faults;
mod late_memory;
mod pool;
mod rate_limiter;
#[path = "../support/redis_server.rs"]
mod redis_server;
mod user_cache;
mod work_leases;
