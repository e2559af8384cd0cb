//! Campaigns, vouchers, and what is redeemed of them.

mod blocklist;
mod campaign_repository;
mod campaign_row;
mod counters;
mod issue_job_row;
mod issue_jobs;
mod many_redemptions;
mod many_vouchers;
mod projection;
mod redemption_repository;
mod redemption_row;
mod standing;
mod stats_queries;
mod tills;
mod voucher_export;
mod voucher_queries;
mod voucher_repository;
mod voucher_row;

pub use self::{
    issue_jobs::PgIssueJobQueries, stats_queries::PgVoucherStatsQueries,
    voucher_export::PgVoucherExport, voucher_queries::PgVoucherQueries,
};
