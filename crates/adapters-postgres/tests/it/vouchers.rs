//! Vouchers on a real database.

mod drafts;
mod gifts;
mod races;
