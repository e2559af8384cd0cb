//! Vouchers, as APIs offer them.

mod campaign_fields;
mod guesses;
mod offers;
mod refusals;
mod subjects;
mod use_cases;
mod validation;
mod voucher_fields;

pub use self::{
    campaign_fields::{campaign_filter, campaign_revision, new_campaign},
    guesses::Guesses,
    refusals::refusal_of,
    subjects::{block_filter, blocked, unblocked, voucher_code},
    use_cases::{VoucherPorts, VoucherUseCases},
    validation::{Trial, Valid},
    voucher_fields::{
        Destination, Redeemer, applicable_vouchers, campaign_voucher_filter, destination,
        new_voucher, redeemer, trial, voucher_filter, voucher_order, voucher_revision,
    },
};
