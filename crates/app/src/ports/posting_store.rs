//! What the posting engine writes to.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ids::AccountId,
    ledger::{Folio, Standing},
};

use super::{
    KeyScope, StorageError,
    journal::{KeyedAnswer, PostingBatch, SystemAccountOf},
};

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchWritten {
    /// It was committed.
    Committed,
    /// Nothing was written: some page does not stand as it was decided on.
    Stale,
    /// Nothing was written: some key has an answer already.
    KeyTaken,
}

/// Decides a batch on how the pages stand; nothing if it cannot be decided on these.
pub type Decide<'d> = dyn FnMut(Vec<Standing>) -> Option<Arc<PostingBatch>> + Send + 'd;

/// The store of the posting engine. Each call is a transaction of its own.
#[async_trait]
pub trait PostingStore: Send + Sync {
    /// How these pages stand; those that are not there are left out.
    async fn load(&self, folios: &[Folio]) -> Result<Vec<Standing>, StorageError>;

    /// Writes a batch, in one transaction, if and only if every page in it stands as it was decided on, in all but the
    /// instant of its last entry, and no key in it has an answer. An error of the kind `Unavailable` leaves open whether it was written.
    async fn write(&self, batch: &PostingBatch) -> Result<BatchWritten, StorageError>;

    /// The same for pages that others change at the same time: MUST lock them in the order of their folios, have it
    /// decided on how they stand then, and write that. Where nothing is decided, nothing is written, and it is stale.
    async fn write_locked(
        &self,
        folios: &[Folio],
        decide: &mut Decide<'_>,
    ) -> Result<BatchWritten, StorageError>;

    /// The answers that were given under these keys and are kept. What is older than that is forgotten.
    async fn answers(&self, keys: &[KeyScope]) -> Result<Vec<KeyedAnswer>, StorageError>;

    /// Those of the pages that somebody else keeps locked right now.
    async fn busy(&self, folios: &[Folio]) -> Result<Vec<Folio>, StorageError>;

    /// The ids of system accounts, in the order asked. Those that are not there MUST be made, under the
    /// ids given.
    async fn system_accounts(
        &self,
        accounts: &[(SystemAccountOf, AccountId)],
    ) -> Result<Vec<AccountId>, StorageError>;
}
