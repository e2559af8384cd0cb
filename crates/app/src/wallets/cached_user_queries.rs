//! Users from the cache, and from storage when the cache does not know them.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, UserId},
    wallets::{UserFacts, Username},
};
use metrics::Counter;

use crate::ports::{
    AggregateKind, CacheAnswer, CommitListener, Offer, StorageError, Touched, UserCache,
    UserQueries,
};

type Found = Result<Option<Arc<UserFacts>>, StorageError>;

/// Decorates the query port with a cache. Use cases and endpoints do not know of it.
pub struct CachedUserQueries {
    storage: Arc<dyn UserQueries>,
    cache: Arc<dyn UserCache>,
    hits: Counter,
    misses: Counter,
}

/// Tells the cache of commits.
pub struct UserCacheInvalidation {
    cache: Arc<dyn UserCache>,
}

impl CachedUserQueries {
    /// A cache in front of the storage. Metrics have to be set up before: what counts is found once.
    pub fn new(storage: Arc<dyn UserQueries>, cache: Arc<dyn UserCache>) -> Self {
        Self {
            storage,
            cache,
            hits: metrics::counter!("cache_hits_total", "cache" => "users"),
            misses: metrics::counter!("cache_misses_total", "cache" => "users"),
        }
    }

    /// What has to hear of every commit for the cache to be right.
    pub fn invalidation(&self) -> UserCacheInvalidation {
        UserCacheInvalidation {
            cache: Arc::clone(&self.cache),
        }
    }

    /// Reads, and reads again when the cache has heard of something newer meanwhile.
    async fn look_up(&self, organization_id: OrganizationId, id: UserId) -> Found {
        let found = self.storage.find(organization_id, id).await?;
        let offered = match &found {
            Some(facts) => self.cache.offer(Arc::clone(facts)),
            None => self.cache.offer_absent(organization_id, id),
        };
        match offered {
            Offer::Accepted => Ok(found),
            Offer::Stale => self.storage.find(organization_id, id).await,
        }
    }
}

#[async_trait]
impl UserQueries for CachedUserQueries {
    async fn find(&self, organization_id: OrganizationId, id: UserId) -> Found {
        let known = match self.cache.get(organization_id, id) {
            CacheAnswer::Hit(facts) => Some(facts),
            CacheAnswer::Absent => None,
            CacheAnswer::Miss => {
                self.misses.increment(1);
                return self.look_up(organization_id, id).await;
            }
        };
        self.hits.increment(1);
        Ok(known)
    }

    /// A name that nobody has is not remembered: somebody may have it the next moment.
    async fn find_by_username(
        &self,
        organization_id: OrganizationId,
        username: &Username,
    ) -> Found {
        if let Some(id) = self.cache.id_of(organization_id, username) {
            return self.find(organization_id, id).await;
        }
        self.misses.increment(1);
        let found = self
            .storage
            .find_by_username(organization_id, username)
            .await?;
        match found {
            Some(facts) if self.cache.offer(Arc::clone(&facts)) == Offer::Stale => {
                self.storage.find(organization_id, facts.id).await
            }
            found => Ok(found),
        }
    }
}

#[async_trait]
impl CommitListener for UserCacheInvalidation {
    /// The cache ends with this process, so that nobody can miss what it does not come to announce.
    async fn committing(&self, _touched: &[Touched]) {}

    async fn committed(&self, touched: &[Touched]) {
        for user in touched.iter().filter(|it| it.kind == AggregateKind::User) {
            let id = UserId::from_uuid(user.id);
            self.cache
                .invalidate(user.organization_id, id, user.version);
        }
    }
}

#[cfg(test)]
mod tests;
