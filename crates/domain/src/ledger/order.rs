//! What somebody wants to be posted.

use super::{Folio, TransferAmount, TransferDetails, TransferKind};
use crate::{
    ids::{OrganizationId, TransferId},
    values::Currency,
};

/// Move an amount from one account to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferOrder {
    /// The transfer that it becomes.
    pub id: TransferId,
    /// Whose accounts they have to be.
    pub organization_id: OrganizationId,
    /// What sort of transfer it is.
    pub kind: TransferKind,
    /// What is lowered.
    pub source: Folio,
    /// What is raised.
    pub destination: Folio,
    /// By how much.
    pub amount: TransferAmount,
    /// What both have to be in.
    pub currency: Currency,
    /// What it is for.
    pub details: TransferDetails,
}

impl TransferOrder {
    /// The transfer that takes this one back, for reasons of its own. It is found under the same reference.
    #[must_use]
    pub fn mirror(&self, id: TransferId, reasons: TransferDetails) -> Self {
        Self {
            id,
            kind: TransferKind::Reversal,
            source: self.destination,
            destination: self.source,
            details: TransferDetails {
                reference: self.details.reference.clone(),
                reverses: Some(self.id),
                ..reasons
            },
            ..self.clone()
        }
    }
}
