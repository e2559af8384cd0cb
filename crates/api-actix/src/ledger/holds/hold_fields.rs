//! The fields of a hold in a request.

use app::{ledger::PlaceHold, platform::Caller};
use domain::{
    ids::AccountId,
    ledger::{HoldFacts, TransferAmount},
};
use jiff::SignedDuration;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    input::{
        Fields,
        readers::{currency, id, integer},
    },
    ledger::transfer_fields::new_details,
    schemas,
};

/// Money to be reserved.
#[derive(ToSchema)]
#[schema(example = json!({
    "account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
    "destination_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
    "amount_minor": 2_500,
    "currency": "USD",
    "expires_in_seconds": 3_600,
}))]
#[expect(dead_code, reason = "the schema of what `new_hold` reads")]
pub(super) struct NewHold {
    /// The account on which it is to be reserved.
    account_id: Uuid,
    /// The account for which it is to be reserved.
    destination_account_id: Uuid,
    /// How much.
    amount_minor: schemas::TransferAmountMinor,
    /// What both accounts are in.
    currency: schemas::CurrencyCode,
    /// What it is for.
    description: Option<schemas::TransferDescriptionText>,
    /// What it belongs to, in your own system.
    reference: Option<schemas::TransferReferenceText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
    /// After how many seconds it is let go unless it was taken; 7 days if it is left out.
    #[schema(minimum = 1, maximum = 31_622_400, default = 604_800)]
    expires_in_seconds: Option<i64>,
}

/// What is to be taken of a hold.
#[derive(ToSchema)]
#[schema(example = json!({"amount_minor": 2_000}))]
#[expect(dead_code, reason = "the schema of what `captured_amount` reads")]
pub(super) struct HoldCapture {
    /// How much: at most what is held, all of it if it is left out. The rest is let go.
    amount_minor: Option<schemas::TransferAmountMinor>,
}

/// Reads a new hold.
pub(super) fn new_hold(fields: &mut Fields<'_>, caller: Caller) -> Option<PlaceHold> {
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
#[expect(
    clippy::option_option,
    reason = "faulty, left out and there are three different things"
)]
pub(super) fn captured_amount(fields: &mut Fields<'_>) -> Option<Option<TransferAmount>> {
    fields.optional("amount_minor", integer(TransferAmount::from_minor))
}
