//! Tells whoever waits for events that batches were committed: the engine's commits pass by the command bus.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ids::AccountId,
    ledger::{Folio, Standing},
};

use crate::{
    events::EventBell,
    ports::{
        BatchWritten, Decide, KeyScope, KeyedAnswer, PostingBatch, PostingStore, StorageError,
        SystemAccountOf,
    },
};

/// A posting store that rings after each commit.
pub struct RingingPostingStore {
    store: Arc<dyn PostingStore>,
    bell: EventBell,
}

impl RingingPostingStore {
    /// The same store, with a bell.
    pub fn new(store: Arc<dyn PostingStore>, bell: EventBell) -> Self {
        Self { store, bell }
    }

    fn ring_after(&self, written: BatchWritten) -> BatchWritten {
        if written == BatchWritten::Committed {
            self.bell.ring();
        }
        written
    }
}

#[async_trait]
impl PostingStore for RingingPostingStore {
    async fn load(&self, folios: &[Folio]) -> Result<Vec<Standing>, StorageError> {
        self.store.load(folios).await
    }

    async fn write(&self, batch: &PostingBatch) -> Result<BatchWritten, StorageError> {
        Ok(self.ring_after(self.store.write(batch).await?))
    }

    async fn write_locked(
        &self,
        folios: &[Folio],
        decide: &mut Decide<'_>,
    ) -> Result<BatchWritten, StorageError> {
        Ok(self.ring_after(self.store.write_locked(folios, decide).await?))
    }

    async fn answers(&self, keys: &[KeyScope]) -> Result<Vec<KeyedAnswer>, StorageError> {
        self.store.answers(keys).await
    }

    async fn busy(&self, folios: &[Folio]) -> Result<Vec<Folio>, StorageError> {
        self.store.busy(folios).await
    }

    async fn system_accounts(
        &self,
        accounts: &[(SystemAccountOf, AccountId)],
    ) -> Result<Vec<AccountId>, StorageError> {
        self.store.system_accounts(accounts).await
    }
}
