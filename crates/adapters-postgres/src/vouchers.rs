//! Campaigns, vouchers, and what is redeemed of them.

mod blocklist;
mod campaign_repository;
mod campaign_row;
mod counters;
mod redemption_repository;
mod redemption_row;
mod standing;
mod voucher_queries;
mod voucher_repository;
mod voucher_row;

pub use self::voucher_queries::PgVoucherQueries;
