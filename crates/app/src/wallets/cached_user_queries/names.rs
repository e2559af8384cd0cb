//! Whose a name is.

use std::sync::Arc;

use domain::{
    ids::{OrganizationId, UserId},
    wallets::{UserFacts, Username},
};
use metrics::Counter;

use super::UserCaches;
use crate::{
    caching::{SingleFlight, as_told_to_each},
    ports::{
        CacheAnswer, CacheError, NameHolder, Offer, StorageError, UserQueries, UsernameKey,
        username_key,
    },
};

type Shared = Result<Option<Arc<UserFacts>>, Arc<StorageError>>;

/// Finds users by name. A name that nobody has is not remembered: somebody may have it the next moment.
pub(super) struct Names {
    storage: Arc<dyn UserQueries>,
    caches: UserCaches,
    flights: SingleFlight<UsernameKey, Shared>,
    hits: Counter,
    misses: Counter,
}

/// What the storage says of a name.
pub(super) enum Read {
    /// As it is now.
    Now(Option<Arc<UserFacts>>),
    /// Whose it is, from a reading that began before this was asked: the user may have changed since.
    Meanwhile(UserId),
}

impl Names {
    pub(super) fn new(storage: Arc<dyn UserQueries>, caches: UserCaches) -> Self {
        Self {
            storage,
            caches,
            flights: SingleFlight::new(),
            hits: metrics::counter!("cache_hits_total", "cache" => "usernames"),
            misses: metrics::counter!("cache_misses_total", "cache" => "usernames"),
        }
    }

    /// Whose it is, if that is remembered.
    pub(super) async fn known_holder(
        &self,
        organization_id: OrganizationId,
        username: &Username,
    ) -> Option<UserId> {
        let key = username_key(organization_id, username);
        match self.caches.names.get(&key).await {
            Ok(CacheAnswer::Hit(holder)) => {
                self.hits.increment(1);
                Some(holder.0)
            }
            Ok(CacheAnswer::Absent | CacheAnswer::Announced(_) | CacheAnswer::Miss) => {
                self.misses.increment(1);
                None
            }
            Err(error) => {
                count_error(&error);
                None
            }
        }
    }

    /// Whose it is, by storage: one reading for all who ask at the same time.
    pub(super) async fn read(
        &self,
        organization_id: OrganizationId,
        username: &Username,
    ) -> Result<Read, StorageError> {
        let key = username_key(organization_id, username);
        let mut is_own = false;
        let look_up = || {
            is_own = true;
            let (storage, caches) = (Arc::clone(&self.storage), self.caches.clone());
            let username = username.clone();
            async move { read_and_offer(storage.as_ref(), &caches, organization_id, &username).await }
        };
        let found = self.flights.run(key, look_up).await;
        match found.map_err(as_told_to_each)? {
            found if is_own => Ok(Read::Now(found)),
            Some(facts) => Ok(Read::Meanwhile(facts.id)),
            // Somebody may have been given the name since that reading began.
            None => {
                let found = self.storage.find_by_username(organization_id, username);
                Ok(Read::Now(found.await?))
            }
        }
    }
}

/// Reads, and reads again when the user is known to have changed meanwhile.
async fn read_and_offer(
    storage: &dyn UserQueries,
    caches: &UserCaches,
    organization_id: OrganizationId,
    username: &Username,
) -> Shared {
    let Some(facts) = storage.find_by_username(organization_id, username).await? else {
        return Ok(None);
    };
    let (id, holder) = (facts.id, Arc::new(NameHolder(facts.id)));
    let key = username_key(organization_id, username);
    if let Err(error) = caches.names.offer(&key, holder).await {
        count_error(&error);
    }
    match caches
        .users
        .offer(&(organization_id, id), Arc::clone(&facts))
        .await
    {
        Ok(Offer::Accepted) => Ok(Some(facts)),
        Ok(Offer::Stale) => Ok(storage.find(organization_id, id).await?),
        Err(error) => {
            count_error(&error);
            Ok(Some(facts))
        }
    }
}

fn count_error(error: &CacheError) {
    metrics::counter!("cache_errors_total", "cache" => "usernames").increment(1);
    tracing::debug!(error = %error, cache = "usernames", "the cache failed");
}
