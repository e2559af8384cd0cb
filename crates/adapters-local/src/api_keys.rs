//! API keys from memory, and from storage when memory is too old.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use app::{
    paging::{Listing, Window},
    ports::{AggregateKind, ApiKeyQueries, CommitListener, StorageError, Touched},
};
use async_trait::async_trait;
use domain::{
    ids::{ApiKeyId, OrganizationId},
    platform::{ApiKeyFacts, KeyHash},
};

use self::{flights::Flights, memory::KeyMemory};

mod flights;
mod memory;

type Found = Result<Option<Arc<ApiKeyFacts>>, Arc<StorageError>>;

/// How long and how much is remembered of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyMemoryLimits {
    /// How long a key is believed to be as it was read. A revocation elsewhere takes effect here after that at the latest.
    pub known_for: Duration,
    /// How long a hash is believed to be of no key.
    pub unknown_for: Duration,
    /// How many hashes are remembered, known and unknown together.
    pub capacity: usize,
}

impl Default for KeyMemoryLimits {
    /// 4 s and 1 s, so that a revocation is effective everywhere within 5 s, and 10,000 hashes.
    fn default() -> Self {
        Self {
            known_for: Duration::from_secs(4),
            unknown_for: Duration::from_secs(1),
            capacity: 10_000,
        }
    }
}

/// Decorates the keys' query port with a short memory. It MUST be told of commits: a key that was revoked by this process
/// opens nothing from then on. Those who ask for one hash at the same time cost one query.
///
/// When the storage fails, what is remembered still answers for as long as it would have anyway.
pub struct CachedApiKeyQueries {
    keys: Arc<Keys>,
    flights: Arc<Flights>,
}

/// What a look-up needs that goes on when its caller has gone.
struct Keys {
    storage: Arc<dyn ApiKeyQueries>,
    memory: KeyMemory,
}

impl CachedApiKeyQueries {
    /// A memory in front of the storage.
    pub fn new(storage: Arc<dyn ApiKeyQueries>, limits: KeyMemoryLimits) -> Self {
        let memory = KeyMemory::new(limits);
        Self {
            keys: Arc::new(Keys { storage, memory }),
            flights: Arc::default(),
        }
    }
}

impl Keys {
    async fn read(self: Arc<Self>, hash: KeyHash) -> Found {
        let now = Instant::now();
        // Another look-up may have landed since the caller looked.
        if let Some(remembered) = self.memory.recall(&hash, now) {
            return Ok(remembered);
        }
        let reading = self.memory.begin_reading(now);
        let found = self.storage.find_by_hash(hash).await.map_err(Arc::new)?;
        self.memory.remember(hash, found.clone(), reading);
        Ok(found)
    }
}

/// The same error for each of those who waited for one look-up.
fn share(error: Arc<StorageError>) -> StorageError {
    match &*error {
        StorageError::Unavailable(_) => StorageError::Unavailable(Box::new(error)),
        StorageError::Contended { attempts } => StorageError::Contended {
            attempts: *attempts,
        },
        StorageError::Corrupt { entity, .. } => StorageError::Corrupt {
            entity,
            source: Box::new(error),
        },
    }
}

#[async_trait]
impl ApiKeyQueries for CachedApiKeyQueries {
    async fn find_by_hash(&self, hash: KeyHash) -> Result<Option<Arc<ApiKeyFacts>>, StorageError> {
        if let Some(remembered) = self.keys.memory.recall(&hash, Instant::now()) {
            return Ok(remembered);
        }
        let read = || Arc::clone(&self.keys).read(hash);
        self.flights.join(hash, read).await.map_err(share)
    }

    async fn find(
        &self,
        organization_id: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<ApiKeyFacts>, StorageError> {
        self.keys.storage.find(organization_id, id).await
    }

    async fn list(
        &self,
        organization_id: OrganizationId,
        window: Window,
    ) -> Result<Listing<ApiKeyFacts>, StorageError> {
        self.keys.storage.list(organization_id, window).await
    }
}

#[async_trait]
impl CommitListener for CachedApiKeyQueries {
    /// What this process remembers ends with it.
    async fn committing(&self, _touched: &[Touched]) {}

    async fn committed(&self, touched: &[Touched]) {
        let keys = touched.iter().filter(|it| it.kind == AggregateKind::ApiKey);
        for key in keys {
            self.keys.memory.forget(ApiKeyId::from_uuid(key.id));
            self.flights.forget_all();
        }
    }
}
