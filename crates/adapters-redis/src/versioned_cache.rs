//! Things with versions that instances remember together: invoices, users, whose names are.

use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::{Duration, Instant},
};

use app::ports::{CacheAnswer, CacheError, Offer, SLOWEST_READER, VersionedCache};
use async_trait::async_trait;
use domain::version::Version;
use tokio::{sync::Notify, task::JoinHandle};

pub use self::stored::Stored;
use self::{
    pending::{Announcement, Pending},
    scripts::{Key, Scripts},
};
use crate::pool::{RedisFailure, RedisPool, Request};

mod pending;
mod resend;
mod scripts;
mod stored;

/// The time to live varies by this much in either direction, in thousandths, so that what was remembered together is not
/// forgotten together.
const JITTER: u32 = 100;

/// How long things are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheLifetimes {
    /// A thing, give or take a tenth.
    pub ttl: Duration,
    /// That there is none; that there is none any more, for as long as its last version.
    pub absent_ttl: Duration,
}

impl Default for CacheLifetimes {
    /// 5 min, 5 s.
    fn default() -> Self {
        Self {
            ttl: Duration::from_mins(5),
            absent_ttl: Duration::from_secs(5),
        }
    }
}

impl CacheLifetimes {
    /// The longest that a thing stays.
    fn longest(&self) -> Duration {
        self.ttl * (1_000 + JITTER) / 1_000
    }

    /// How long an announced version stays: longer than what was remembered before it, and than whoever read before it
    /// takes to offer what is old now.
    fn floor(&self) -> Duration {
        self.longest().max(SLOWEST_READER)
    }
}

/// Remembers things of one kind in Redis.
///
/// Redis compares the versions, in one script per change, so instances cannot put back what another has announced to be
/// old. What could not be announced is kept here and sent again until it arrives; until then this instance does not
/// answer what it makes old.
pub struct RedisCache<S: Stored> {
    shared: Arc<Shared<S>>,
    resending: JoinHandle<()>,
}

struct Shared<S: Stored> {
    pool: RedisPool,
    lifetimes: CacheLifetimes,
    scripts: Scripts,
    pending: Pending<Key<S::Id>>,
    has_pending: Notify,
    hasher: RandomState,
}

impl<S: Stored> RedisCache<S> {
    /// A cache on these connections. MUST be called inside of a tokio runtime: announcements that failed are sent again
    /// by a task, which ends with the cache.
    pub fn new(pool: RedisPool, lifetimes: CacheLifetimes) -> Self {
        let shared = Arc::new(Shared {
            scripts: Scripts::new(&pool.options().namespace, S::KIND),
            pool,
            lifetimes,
            pending: Pending::new(lifetimes.longest()),
            has_pending: Notify::new(),
            hasher: RandomState::new(),
        });
        let resending = tokio::spawn(resend::until_all_is_said(Arc::clone(&shared)));
        Self { shared, resending }
    }

    /// How many announcements have not arrived yet.
    pub fn pending(&self) -> usize {
        self.shared.pending.len()
    }
}

impl<S: Stored> Drop for RedisCache<S> {
    fn drop(&mut self) {
        self.resending.abort();
    }
}

impl<S: Stored> Shared<S> {
    async fn ask<T: redis::FromRedisValue>(
        &self,
        name: &'static str,
        request: Request<'_>,
    ) -> Result<T, CacheError> {
        self.pool.query(name, request).await.map_err(unavailable)
    }

    /// How long a thing that is remembered now is to stay.
    fn ttl_of(&self, thing: &Announcement<Key<S::Id>>) -> Duration {
        let spread = u64::from(2 * JITTER + 1);
        let jitter = self.hasher.hash_one(thing) % spread;
        let jitter = u32::try_from(jitter).unwrap_or(JITTER);
        self.lifetimes.ttl * (1_000 - JITTER + jitter) / 1_000
    }
}

fn unavailable(failure: RedisFailure) -> CacheError {
    CacheError(Box::new(failure))
}

/// Wakes the task that sends again, unless the announcement has arrived: also when whoever made it was cut off.
struct Announcing<'a> {
    has_pending: &'a Notify,
    has_arrived: bool,
}

impl Drop for Announcing<'_> {
    fn drop(&mut self) {
        if !self.has_arrived {
            self.has_pending.notify_one();
        }
    }
}

#[async_trait]
impl<S: Stored> VersionedCache<Key<S::Id>, S> for RedisCache<S> {
    fn is_shared(&self) -> bool {
        true
    }

    async fn get(&self, key: &Key<S::Id>) -> Result<CacheAnswer<S>, CacheError> {
        let shared = &self.shared;
        // Before Redis is asked: its answer may be older than an announcement that arrives meanwhile.
        let floor = shared.pending.floor(key, Instant::now())?;
        let get = shared.scripts.get(key);
        let bytes: Option<Vec<u8>> = shared.ask("cache_get", Request::Command(&get)).await?;
        let known = stored::decode(bytes.as_deref().unwrap_or_default(), key);
        Ok(match (floor, known) {
            (None, known) => known,
            (Some(floor), CacheAnswer::Hit(value)) if value.version() >= floor => {
                CacheAnswer::Hit(value)
            }
            (Some(_), _) => CacheAnswer::Miss,
        })
    }

    async fn offer(&self, key: &Key<S::Id>, value: Arc<S>) -> Result<Offer, CacheError> {
        let (shared, version) = (&self.shared, value.version());
        let floor = shared.pending.floor(key, Instant::now())?;
        if floor.is_some_and(|floor| version < floor) {
            return Ok(Offer::Stale);
        }
        let bytes = stored::encode(value.as_ref()).map_err(|error| CacheError(Box::new(error)))?;
        let offered = Announcement {
            key: key.clone(),
            version,
        };
        let ttl = shared.ttl_of(&offered);
        let script = shared.scripts.offer(&offered, &bytes, ttl);
        let is_accepted = shared.ask("cache_offer", Request::Script(&script)).await?;
        Ok(offer_of(is_accepted))
    }

    async fn offer_absent(
        &self,
        key: &Key<S::Id>,
        announced: Option<Version>,
    ) -> Result<Offer, CacheError> {
        let shared = &self.shared;
        if shared.pending.floor(key, Instant::now())?.is_some() {
            return Ok(Offer::Stale);
        }
        let ttl = shared.lifetimes.absent_ttl;
        let script = shared.scripts.offer_absent(key, announced, ttl);
        let asked = shared.ask("cache_offer_absent", Request::Script(&script));
        Ok(offer_of(asked.await?))
    }

    async fn invalidate(&self, key: &Key<S::Id>, version: Version) {
        let key = key.clone();
        let announcement = Announcement { key, version };
        let shared = &self.shared;
        shared.pending.add(announcement.clone(), Instant::now());
        let mut announcing = Announcing {
            has_pending: &shared.has_pending,
            has_arrived: false,
        };
        let script = shared
            .scripts
            .announce(&announcement, shared.lifetimes.floor());
        let said = shared.ask::<()>("cache_invalidate", Request::Script(&script));
        if said.await.is_ok() {
            shared.pending.settle(&announcement);
            announcing.has_arrived = true;
        }
    }
}

const fn offer_of(is_accepted: bool) -> Offer {
    if is_accepted {
        Offer::Accepted
    } else {
        Offer::Stale
    }
}

#[cfg(test)]
mod tests {
    use app::ports::NameHolder;
    use domain::ids::OrganizationId;
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn times_to_live_differ_by_a_tenth_in_either_direction() {
        let pool = RedisPool::open(crate::RedisOptions::new("redis://127.0.0.1:1")).unwrap();
        let cache = RedisCache::<NameHolder>::new(pool, CacheLifetimes::default());

        let ttl_of = |number| {
            let organization = OrganizationId::from_uuid(Uuid::nil());
            cache.shared.ttl_of(&Announcement {
                key: (organization, number),
                version: Version::FIRST,
            })
        };
        let ttls: Vec<_> = (0..5_000)
            .map(|number| ttl_of(number.to_string()))
            .collect();

        assert!(ttls.iter().min().unwrap().as_millis() < 272_000);
        assert!(ttls.iter().max().unwrap().as_millis() > 328_000);
        assert!(ttls.iter().all(|ttl| (270..=330).contains(&ttl.as_secs())));
    }
}
