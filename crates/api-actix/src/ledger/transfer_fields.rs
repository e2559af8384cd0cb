//! The fields of a transfer in a request.

use app::ledger::{Ask, Party, TransferRequest, Verdict};
use domain::{
    ids::AccountId,
    ledger::{
        TransferAmount, TransferDescription, TransferDetails, TransferKind, TransferReference,
    },
    values::Currency,
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::transfer_body::posted;
use crate::{
    answer::Answer,
    input::{
        Fields,
        readers::{currency, id, integer, metadata, text},
    },
    problem::{Problem, catalogue::INTERNAL_ERROR},
    schemas,
};

/// A transfer to be posted.
#[derive(ToSchema)]
#[schema(example = json!({
    "source_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
    "destination_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
    "amount_minor": 2_500,
    "currency": "USD",
    "description": "Lunch",
}))]
#[expect(dead_code, reason = "the schema of what `new_transfer` reads")]
pub(super) struct NewTransfer {
    /// The account to be lowered.
    source_account_id: Uuid,
    /// The account to be raised.
    destination_account_id: Uuid,
    /// By how much.
    amount_minor: schemas::TransferAmountMinor,
    /// What both accounts are in.
    currency: schemas::CurrencyCode,
    /// What it is for.
    description: Option<schemas::TransferDescriptionText>,
    /// What it belongs to, in your own system.
    reference: Option<schemas::TransferReferenceText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// Money that comes from outside or goes there.
#[derive(ToSchema)]
#[schema(example = json!({"amount_minor": 10_000, "currency": "USD", "reference": "till-7"}))]
#[expect(dead_code, reason = "the schema of what `new_movement` reads")]
pub(crate) struct NewMovement {
    /// How much.
    amount_minor: schemas::TransferAmountMinor,
    /// What the account is in.
    currency: schemas::CurrencyCode,
    /// What it is for.
    description: Option<schemas::TransferDescriptionText>,
    /// What it belongs to, in your own system.
    reference: Option<schemas::TransferReferenceText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// How much of what is moved, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Movement {
    amount: TransferAmount,
    currency: Currency,
    details: TransferDetails,
}

impl Movement {
    /// The transfer that it is between these two.
    pub(crate) fn between(self, source: Party, destination: Party, kind: TransferKind) -> Ask {
        Ask::Together(vec![self.request(source, destination, kind)])
    }

    fn request(self, source: Party, destination: Party, kind: TransferKind) -> TransferRequest {
        TransferRequest {
            kind,
            source,
            destination,
            amount: self.amount,
            currency: self.currency,
            details: self.details,
        }
    }
}

/// Reads a transfer between two accounts.
pub(super) fn new_transfer(fields: &mut Fields<'_>) -> Option<TransferRequest> {
    let source = fields.required("source_account_id", id(AccountId::from_uuid));
    let destination = fields.required("destination_account_id", id(AccountId::from_uuid));
    let movement = new_movement(fields);
    let (source, destination) = (Party::Account(source?), Party::Account(destination?));
    Some(movement?.request(source, destination, TransferKind::Transfer))
}

/// Reads how much of what is to be moved, and what for.
pub(crate) fn new_movement(fields: &mut Fields<'_>) -> Option<Movement> {
    let amount = fields.required("amount_minor", integer(TransferAmount::from_minor));
    let currency = fields.required("currency", currency);
    let details = new_details(fields);
    Some(Movement {
        amount: amount?,
        currency: currency?,
        details: details?,
    })
}

/// Reads what a transfer is for.
pub(crate) fn new_details(fields: &mut Fields<'_>) -> Option<TransferDetails> {
    let description = fields.optional("description", text(TransferDescription::parse));
    let reference = fields.optional("reference", text(TransferReference::parse));
    let metadata = fields.optional("metadata", metadata);
    Some(TransferDetails {
        description: description?,
        reference: reference?,
        metadata: metadata?.unwrap_or_default(),
        reverses: None,
    })
}

/// Shows what became of a single transfer.
pub(crate) fn show_single(verdict: &Verdict) -> Result<Answer, Problem> {
    let single = match verdict {
        Verdict::Together(Ok(transfers)) => transfers.first().map(Ok),
        Verdict::Together(Err(rejections)) => rejections.first().map(|(_, why)| Err(why)),
        Verdict::Each(results) => results.first().map(Result::as_ref),
    };
    match single {
        Some(Ok(transfer)) => Ok(posted(transfer)),
        Some(Err(rejection)) => Err(rejection.into()),
        None => Err(Problem::of(&INTERNAL_ERROR)),
    }
}
