//! Users from the cache, and from storage when the cache does not know them.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, UserId},
    wallets::{UserFacts, Username},
};

use self::names::Names;
use crate::{
    caching::{CacheInvalidation, CachedLookUp, Source},
    ports::{AggregateKind, StorageError, UserCache, UserKey, UserQueries, UsernameCache},
};

mod names;

type Found = Result<Option<Arc<UserFacts>>, StorageError>;

/// Where users are remembered.
#[derive(Clone)]
pub struct UserCaches {
    /// By id.
    pub users: Arc<UserCache>,
    /// Whose a name is.
    pub names: Arc<UsernameCache>,
}

/// Decorates the query port with a cache. Use cases and endpoints do not know of it.
pub struct CachedUserQueries {
    by_id: CachedLookUp<UserKey, UserFacts>,
    names: Names,
}

struct StoredUsers(Arc<dyn UserQueries>);

#[async_trait]
impl Source<UserKey, UserFacts> for StoredUsers {
    async fn read(&self, (organization_id, id): &UserKey) -> Found {
        self.0.find(*organization_id, *id).await
    }
}

impl CachedUserQueries {
    /// Caches in front of the storage. Metrics have to be set up before: what counts is found once.
    pub fn new(storage: Arc<dyn UserQueries>, caches: UserCaches) -> Self {
        let stored = Arc::new(StoredUsers(Arc::clone(&storage)));
        Self {
            by_id: CachedLookUp::new("users", stored, Arc::clone(&caches.users)),
            names: Names::new(storage, caches),
        }
    }

    /// What has to hear of every commit for the caches to be right. Whose a name is does not change.
    pub fn invalidation(&self) -> CacheInvalidation<UserKey, UserFacts> {
        self.by_id.invalidation(AggregateKind::User, |it| {
            (it.organization_id, UserId::from_uuid(it.id))
        })
    }
}

#[async_trait]
impl UserQueries for CachedUserQueries {
    async fn find(&self, organization_id: OrganizationId, id: UserId) -> Found {
        self.by_id.find((organization_id, id)).await
    }

    async fn find_by_username(
        &self,
        organization_id: OrganizationId,
        username: &Username,
    ) -> Found {
        let known = self.names.known_holder(organization_id, username).await;
        if let Some(id) = known
            && let Some(facts) = self.find(organization_id, id).await?
            && facts.registration.username == *username
        {
            return Ok(Some(facts));
        }
        let read = self.names.read(organization_id, username).await?;
        match read {
            names::Read::Now(found) => Ok(found),
            names::Read::Meanwhile(id) => self.find(organization_id, id).await,
        }
    }
}

#[cfg(test)]
mod tests;
