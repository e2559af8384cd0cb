//! The fields of a transfer in a request.

use app::ledger::{Ask, Party, TransferRequest};
use domain::{
    ids::AccountId,
    ledger::{
        TransferAmount, TransferDescription, TransferDetails, TransferKind, TransferReference,
    },
    values::Currency,
};

use crate::input::{
    Fields,
    readers::{currency, id, integer, metadata, text},
};

/// How much of what is moved, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    amount: TransferAmount,
    currency: Currency,
    details: TransferDetails,
}

impl Movement {
    /// The transfer that it is between these two.
    pub fn between(self, source: Party, destination: Party, kind: TransferKind) -> Ask {
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
pub fn new_transfer(fields: &mut Fields<'_>) -> Option<TransferRequest> {
    let source = fields.required("source_account_id", id(AccountId::from_uuid));
    let destination = fields.required("destination_account_id", id(AccountId::from_uuid));
    let movement = new_movement(fields);
    let (source, destination) = (Party::Account(source?), Party::Account(destination?));
    Some(movement?.request(source, destination, TransferKind::Transfer))
}

/// Reads how much of what is to be moved, and what for.
pub fn new_movement(fields: &mut Fields<'_>) -> Option<Movement> {
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
pub fn new_details(fields: &mut Fields<'_>) -> Option<TransferDetails> {
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

/// Reads why a transfer is taken back.
pub fn reversal(fields: &mut Fields<'_>) -> Option<TransferDetails> {
    let description = fields.optional("description", text(TransferDescription::parse));
    let metadata = fields.optional("metadata", metadata);
    Some(TransferDetails {
        description: description?,
        metadata: metadata?.unwrap_or_default(),
        ..TransferDetails::default()
    })
}
