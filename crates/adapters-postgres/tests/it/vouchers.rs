//! Vouchers on a real database.

mod drafts;
mod gifts;
mod gifts_at_once;
mod jobs;
mod projections;
mod races;
