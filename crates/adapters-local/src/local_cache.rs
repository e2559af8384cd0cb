//! Things with versions remembered in this process.

use std::sync::Arc;

use app::ports::{CacheAnswer, CacheError, Offer, VersionedCache};
use async_trait::async_trait;
use domain::version::Version;

use crate::version_memory::{CacheLimits, Key, Remembered, VersionMemory};

mod invoices;
mod users;

pub use invoices::LocalInvoiceCache;
pub use users::{LocalUserCache, LocalUsernameCache, user_caches};

/// What the allocator adds to each block.
const BLOCK: usize = 16;

/// Remembers things of one kind in this process only: for a deployment of one.
pub struct LocalCache<K, V>(VersionMemory<K, V>);

#[expect(private_bounds, reason = "what can be remembered is listed here")]
impl<K: Key, V: Remembered> LocalCache<K, V> {
    /// An empty cache.
    pub fn new(limits: CacheLimits) -> Self {
        Self(VersionMemory::new(limits))
    }

    /// About how much memory is used, in bytes.
    pub fn weight_bytes(&self) -> usize {
        self.0.weight_bytes()
    }
}

#[async_trait]
impl<K, V> VersionedCache<K, V> for LocalCache<K, V>
where
    K: Key + Send + Sync + 'static,
    V: Remembered + Send + Sync + 'static,
{
    fn is_shared(&self) -> bool {
        false
    }

    async fn get(&self, key: &K) -> Result<CacheAnswer<V>, CacheError> {
        Ok(self.0.get(key))
    }

    async fn offer(&self, key: &K, value: Arc<V>) -> Result<Offer, CacheError> {
        Ok(self.0.offer(key.clone(), value))
    }

    async fn offer_absent(&self, key: &K, announced: Option<Version>) -> Result<Offer, CacheError> {
        Ok(self.0.offer_absent(key.clone(), announced))
    }

    async fn invalidate(&self, key: &K, version: Version) {
        self.0.invalidate(key, version);
    }
}
