//! The ledger, as both APIs offer it.

mod account_fields;
mod batch_fields;
mod filters;
mod hold_fields;
mod hold_refusal;
mod hold_use_cases;
mod lookups;
mod refusals;
mod rejection;
mod transfer_fields;
mod use_cases;

pub use self::{
    account_fields::{account_changes, new_account},
    batch_fields::{batch_refusal, new_batch},
    filters::{account_filter, entry_filter, hold_filter, transfer_filter, trial_balance_piece},
    hold_fields::{captured_amount, new_hold},
    hold_use_cases::HoldUseCases,
    lookups::{Balance, single, unknown_account},
    rejection::kind_of,
    transfer_fields::{Movement, new_details, new_movement, new_transfer, reversal},
    use_cases::{LedgerQueries, LedgerUseCases},
};
