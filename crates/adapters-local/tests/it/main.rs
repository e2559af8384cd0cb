//! The in-process adapters, held to the contracts of their ports and driven by many threads at once.

#![expect(clippy::unwrap_used, reason = "tests")]

mod api_keys;
mod guess_limiter;
mod invoice_cache;
mod rate_limiter;
mod user_cache;
