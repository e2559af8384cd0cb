//! The journal: transfers and entries, written inside a bigger transaction.

use async_trait::async_trait;
use domain::{
    actor::Actor,
    event::DomainEvent,
    ids::{AccountId, EventId, OrganizationId, TransferId},
    ledger::{Folio, PostedTransfer, Standing, SystemAccount},
    payments::PaymentFacts,
    values::Currency,
};

use super::{KeyScope, StorageError, idempotency_keys::Fingerprint};
use crate::traces::TraceContext;

/// A system account, by what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SystemAccountOf {
    /// Whose.
    pub organization_id: OrganizationId,
    /// What for.
    pub system: SystemAccount,
    /// In what: the code of a currency.
    pub currency: &'static str,
}

impl SystemAccountOf {
    /// That of an organization in a currency.
    pub fn new(organization_id: OrganizationId, system: SystemAccount, currency: Currency) -> Self {
        Self {
            organization_id,
            system,
            currency: currency.code(),
        }
    }
}

/// A transfer, and the event that tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// The id of `transfer.posted`.
    pub event_id: EventId,
    /// The transfer.
    pub transfer: PostedTransfer,
    /// The trace that asked for it.
    pub cause: Option<TraceContext>,
}

/// How a page stands from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingChange {
    /// How it stood when that was decided.
    pub before: Standing,
    /// How it stands.
    pub after: Standing,
}

/// What was answered under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedAnswer {
    /// The key.
    pub scope: KeyScope,
    /// What was asked.
    pub fingerprint: Fingerprint,
    /// What was answered.
    pub answer: Vec<u8>,
}

/// A payment between two accounts whose transfer is one of those that were decided.
#[derive(Debug, Clone, PartialEq)]
pub struct CarriedOutPayment {
    /// The payment: completed, without an invoice.
    pub payment: PaymentFacts,
    /// What happened to it: it was carried out.
    pub event: DomainEvent,
    /// Who asked for it.
    pub by: Actor,
    /// The trace that asked for it.
    pub cause: Option<TraceContext>,
}

/// What was decided together, to be written together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PostingBatch {
    /// The transfers, in the order in which they were decided.
    pub lines: Vec<JournalLine>,
    /// The payments that some of them were posted for.
    pub payments: Vec<CarriedOutPayment>,
    /// Why others were rejected, by the codes of [`domain::ledger::Rejection`]: to be counted, not to be written.
    pub rejections: Vec<&'static str>,
    /// The pages that changed, in the order of their folios.
    pub changes: Vec<StandingChange>,
    /// The pages that decided something and did not change, as they stand.
    pub relied_on: Vec<Standing>,
    /// What is answered.
    pub answers: Vec<KeyedAnswer>,
}

/// The journal, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait Journal: Send {
    /// The ids of system accounts, in the order asked. Those that are not there MUST be made, under the ids given.
    async fn system_accounts(
        &mut self,
        accounts: &[(SystemAccountOf, AccountId)],
    ) -> Result<Vec<AccountId>, StorageError>;

    /// How these pages stand; those that are not there are left out. MUST keep others from changing them until the
    /// transaction ends, and MUST lock them in the order of their folios.
    async fn lock(&mut self, folios: &[Folio]) -> Result<Vec<Standing>, StorageError>;

    /// Writes what was decided on standings that this transaction has locked, and what happened.
    async fn write(&mut self, batch: PostingBatch) -> Result<(), StorageError>;

    /// Finds a transfer.
    async fn find(
        &mut self,
        organization_id: OrganizationId,
        id: TransferId,
    ) -> Result<Option<PostedTransfer>, StorageError>;

    /// Whether a transfer was taken back.
    async fn is_reversed(
        &mut self,
        organization_id: OrganizationId,
        id: TransferId,
    ) -> Result<bool, StorageError>;
}
