//! What may be asked for.

use domain::{
    ids::{AccountId, InvoiceId},
    ledger::{TransferAmount, TransferDescription},
    payments::{Direction, ProviderName},
    values::{Currency, Metadata},
};

use crate::platform::Caller;

/// A payment through a provider that is to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExternal {
    /// Through which one.
    pub provider: ProviderName,
    /// Which way.
    pub direction: Direction,
    /// From or to which account.
    pub account_id: AccountId,
    /// What the provider needs to know.
    pub provider_data: Metadata,
}

/// What sort of payment is to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewKind {
    /// From one account to another.
    Internal {
        /// Where it comes from.
        source_account_id: AccountId,
        /// Where it goes.
        destination_account_id: AccountId,
    },
    /// Through a provider.
    External(NewExternal),
}

/// Accept this payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptPayment {
    /// For whom.
    pub caller: Caller,
    /// What sort of payment it is.
    pub kind: NewKind,
    /// How much.
    pub amount: TransferAmount,
    /// In what.
    pub currency: Currency,
    /// The invoice that it settles, in part or whole.
    pub invoice_id: Option<InvoiceId>,
    /// What it is for.
    pub description: Option<TransferDescription>,
    /// The client's notes.
    pub metadata: Metadata,
}
