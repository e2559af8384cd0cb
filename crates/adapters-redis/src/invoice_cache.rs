//! Invoices that instances remember together.

use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::{Duration, Instant},
};

use app::{
    invoicing::InvoiceView,
    ports::{CacheAnswer, CacheError, InvoiceCache, Offer},
};
use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    version::Version,
};
use tokio::{sync::Notify, task::JoinHandle};

use self::{
    pending::{Announcement, Pending},
    scripts::Scripts,
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
    /// An invoice, give or take a tenth.
    pub ttl: Duration,
    /// That there is none.
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
    /// The longest that an invoice stays, and how long an announced version does.
    fn longest(&self) -> Duration {
        self.ttl * (1_000 + JITTER) / 1_000
    }
}

/// Remembers invoices in Redis.
///
/// Redis compares the versions, in one script per change, so instances cannot put back what another has announced to be
/// old. What could not be announced is kept here and sent again until it arrives; until then this instance does not
/// answer what it makes old.
pub struct RedisInvoiceCache {
    shared: Arc<Shared>,
    resending: JoinHandle<()>,
}

struct Shared {
    pool: RedisPool,
    lifetimes: CacheLifetimes,
    scripts: Scripts,
    pending: Pending,
    has_pending: Notify,
    hasher: RandomState,
}

impl RedisInvoiceCache {
    /// A cache on these connections. MUST be called inside of a tokio runtime: announcements that failed are sent again
    /// by a task, which ends with the cache.
    pub fn new(pool: RedisPool, lifetimes: CacheLifetimes) -> Self {
        let shared = Arc::new(Shared {
            scripts: Scripts::new(&pool.options().namespace),
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

impl Drop for RedisInvoiceCache {
    fn drop(&mut self) {
        self.resending.abort();
    }
}

impl Shared {
    async fn ask<T: redis::FromRedisValue>(
        &self,
        name: &'static str,
        request: Request<'_>,
    ) -> Result<T, CacheError> {
        self.pool.query(name, request).await.map_err(unavailable)
    }

    /// How long an invoice that is remembered now is to stay.
    fn ttl_of(&self, invoice: &Announcement) -> Duration {
        let spread = u64::from(2 * JITTER + 1);
        let jitter = self.hasher.hash_one(invoice) % spread;
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
impl InvoiceCache for RedisInvoiceCache {
    fn is_shared(&self) -> bool {
        true
    }

    async fn get(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<CacheAnswer, CacheError> {
        let (shared, key) = (&self.shared, (organization_id, id));
        // Before Redis is asked: its answer may be older than an announcement that arrives meanwhile.
        let floor = shared.pending.floor(&key, Instant::now())?;
        let get = shared.scripts.get(&key);
        let bytes: Option<Vec<u8>> = shared.ask("cache_get", Request::Command(&get)).await?;
        let known = stored::decode(bytes.as_deref().unwrap_or_default(), id);
        Ok(match (floor, known) {
            (None, known) => known,
            (Some(floor), CacheAnswer::Hit(view)) if Version::new(view.entry.version) >= floor => {
                CacheAnswer::Hit(view)
            }
            (Some(_), _) => CacheAnswer::Miss,
        })
    }

    async fn offer(
        &self,
        organization_id: OrganizationId,
        view: Arc<InvoiceView>,
    ) -> Result<Offer, CacheError> {
        let offered = Announcement {
            key: (organization_id, InvoiceId::from_uuid(view.entry.id)),
            version: Version::new(view.entry.version),
        };
        let shared = &self.shared;
        let floor = shared.pending.floor(&offered.key, Instant::now())?;
        if floor.is_some_and(|floor| offered.version < floor) {
            return Ok(Offer::Stale);
        }
        let bytes = stored::encode(&view).map_err(|error| CacheError(Box::new(error)))?;
        let script = shared
            .scripts
            .offer(&offered, &bytes, shared.ttl_of(&offered));
        let is_accepted = shared.ask("cache_offer", Request::Script(&script)).await?;
        Ok(offer_of(is_accepted))
    }

    async fn offer_absent(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<Offer, CacheError> {
        let (shared, key) = (&self.shared, (organization_id, id));
        if shared.pending.floor(&key, Instant::now())?.is_some() {
            return Ok(Offer::Stale);
        }
        let script = shared
            .scripts
            .offer_absent(&key, shared.lifetimes.absent_ttl);
        let is_accepted = shared
            .ask("cache_offer_absent", Request::Script(&script))
            .await?;
        Ok(offer_of(is_accepted))
    }

    async fn invalidate(&self, organization_id: OrganizationId, id: InvoiceId, version: Version) {
        let key = (organization_id, id);
        let announcement = Announcement { key, version };
        let shared = &self.shared;
        shared.pending.add(announcement, Instant::now());
        let mut announcing = Announcing {
            has_pending: &shared.has_pending,
            has_arrived: false,
        };
        let script = shared
            .scripts
            .announce(&announcement, shared.lifetimes.longest());
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
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn times_to_live_differ_by_a_tenth_in_either_direction() {
        let pool = RedisPool::open(crate::RedisOptions::new("redis://127.0.0.1:1")).unwrap();
        let cache = RedisInvoiceCache::new(pool, CacheLifetimes::default());

        let ttl_of = |number| {
            let organization = OrganizationId::from_uuid(Uuid::nil());
            cache.shared.ttl_of(&Announcement {
                key: (organization, InvoiceId::from_uuid(Uuid::from_u128(number))),
                version: Version::FIRST,
            })
        };
        let ttls: Vec<_> = (0..5_000).map(ttl_of).collect();

        assert!(ttls.iter().min().unwrap().as_millis() < 272_000);
        assert!(ttls.iter().max().unwrap().as_millis() > 328_000);
        assert!(ttls.iter().all(|ttl| (270..=330).contains(&ttl.as_secs())));
    }
}
