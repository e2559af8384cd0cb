//! The fields of a hold in a request.

use app::{ledger::PlaceHold, platform::Caller};
use domain::{
    ids::AccountId,
    ledger::{HoldFacts, TransferAmount},
};
use jiff::SignedDuration;

use super::transfer_fields::new_details;
use crate::input::{
    Fields,
    readers::{currency, id, integer},
};

/// Reads a new hold.
pub fn new_hold(fields: &mut Fields<'_>, caller: Caller) -> Option<PlaceHold> {
    let account_id = fields.required("account_id", id(AccountId::from_uuid));
    let destination = fields.required("destination_account_id", id(AccountId::from_uuid));
    let amount = fields.required("amount_minor", integer(TransferAmount::from_minor));
    let currency = fields.required("currency", currency);
    let details = new_details(fields);
    let expires_in = fields.optional("expires_in_seconds", integer(HoldFacts::check_expires_in));
    let default = SignedDuration::from_secs(HoldFacts::EXPIRES_IN_SECONDS_DEFAULT);
    Some(PlaceHold {
        caller,
        account_id: account_id?,
        destination_account_id: destination?,
        amount: amount?,
        currency: currency?,
        details: details?,
        expires_in: expires_in?.unwrap_or(default),
    })
}

/// Reads how much is to be taken.
pub fn captured_amount(fields: &mut Fields<'_>) -> Option<Option<TransferAmount>> {
    fields.optional("amount_minor", integer(TransferAmount::from_minor))
}
