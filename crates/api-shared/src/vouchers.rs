//! Vouchers, as APIs offer them.

mod campaign_fields;
mod guesses;
mod refusals;
mod use_cases;
mod validation;
mod voucher_fields;

pub use self::{
    campaign_fields::{campaign_filter, campaign_revision, new_campaign},
    guesses::Guesses,
    refusals::refusal_of,
    use_cases::{VoucherPorts, VoucherUseCases},
    validation::{Trial, Valid},
    voucher_fields::{
        Destination, Redeemer, VoucherChanges, destination, new_voucher, redeemer, trial,
        voucher_changes, voucher_filter,
    },
};
