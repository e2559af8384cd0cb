//! Invoices that instances remember together.

use std::{sync::Arc, time::Duration};

use adapters_redis::{CacheLifetimes, RedisInvoiceCache};
use app::{
    invoicing::InvoiceView,
    ports::{CacheAnswer, InvoiceKey, Offer, VersionedCache},
    testing::{contracts::hold_invoice_cache_to_its_contract, draft_contents},
};
use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::Invoice,
    version::Version,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::redis_server::{RedisServer, eventually};

pub(crate) const ORGANIZATION: OrganizationId = OrganizationId::from_uuid(Uuid::nil());
const ID: InvoiceId = InvoiceId::from_uuid(Uuid::from_u128(1));
pub(crate) const THING: InvoiceKey = (ORGANIZATION, ID);

const KEY: &str = "tallystick:invoice:1:00000000-0000-0000-0000-000000000000:00000000-0000-0000-0000-000000000001";

pub(crate) fn view(version: i64) -> Arc<InvoiceView> {
    let now = Timestamp::UNIX_EPOCH;
    let drafted = Invoice::draft(ID, ORGANIZATION, draft_contents(), now);
    let mut view = InvoiceView::from(drafted.unwrap().facts());
    view.entry.version = version;
    Arc::new(view)
}

pub(crate) fn cache_on(server: &RedisServer) -> RedisInvoiceCache {
    RedisInvoiceCache::new(server.pool(), CacheLifetimes::default())
}

pub(crate) async fn get(cache: &RedisInvoiceCache) -> CacheAnswer<InvoiceView> {
    cache.get(&THING).await.unwrap()
}

pub(crate) fn announced(version: i64) -> CacheAnswer<InvoiceView> {
    CacheAnswer::Announced(Version::new(version))
}

pub(crate) async fn offer(cache: &RedisInvoiceCache, version: i64) -> Offer {
    cache.offer(&THING, view(version)).await.unwrap()
}

#[tokio::test]
async fn the_contract_holds() {
    let server = RedisServer::start();
    let (cache, mut last) = (cache_on(&server), 0);

    let new_id = || {
        last += 1;
        Uuid::from_u128(last)
    };
    hold_invoice_cache_to_its_contract(&cache, new_id).await;
}

#[tokio::test]
async fn what_one_instance_announces_no_other_answers_or_brings_back() {
    let server = RedisServer::start();
    let (one, other) = (cache_on(&server), cache_on(&server));
    offer(&one, 1).await;
    assert_eq!(get(&other).await, CacheAnswer::Hit(view(1)));

    one.invalidate(&THING, Version::new(2)).await;

    assert_eq!(get(&other).await, announced(2));
    assert_eq!(offer(&other, 1).await, Offer::Stale);
    assert_eq!(offer(&other, 2).await, Offer::Accepted);
    assert_eq!(get(&one).await, CacheAnswer::Hit(view(2)));
}

#[tokio::test]
async fn invoices_live_five_minutes_give_or_take_a_tenth_and_versions_at_least_as_long() {
    let server = RedisServer::start();
    let cache = cache_on(&server);
    let ttl = || server.ask::<i64>(&["PTTL", KEY]);

    offer(&cache, 1).await;
    assert!((269_000..=330_000).contains(&ttl()), "{}", ttl());

    cache.invalidate(&THING, Version::new(2)).await;
    assert!((329_000..=330_000).contains(&ttl()), "{}", ttl());

    offer(&cache, 2).await;
    assert!((329_000..=330_000).contains(&ttl()), "{}", ttl());
    server.ask::<()>(&["PEXPIRE", KEY, "1000"]);
    cache.invalidate(&THING, Version::new(2)).await;
    assert_eq!(get(&cache).await, CacheAnswer::Hit(view(2)));
    assert!((329_000..=330_000).contains(&ttl()), "{}", ttl());
}

#[tokio::test]
async fn that_there_is_none_is_remembered_for_its_short_time_only() {
    let server = RedisServer::start();
    let lifetimes = CacheLifetimes {
        absent_ttl: Duration::from_millis(300),
        ..CacheLifetimes::default()
    };
    let cache = RedisInvoiceCache::new(server.pool(), lifetimes);

    cache.offer_absent(&THING, None).await.unwrap();

    assert_eq!(get(&cache).await, CacheAnswer::Absent);
    let is_over = async || get(&cache).await == CacheAnswer::Miss;
    eventually("nothing is known again", is_over).await;
    let usual = cache_on(&server);
    usual.offer_absent(&THING, None).await.unwrap();
    let ttl: i64 = server.ask(&["PTTL", KEY]);
    assert!((1..=5_000).contains(&ttl), "{ttl}");
}

/// A reader who is slow does not bring back what was deleted, also after that was found out.
#[tokio::test]
async fn that_there_is_none_any_more_is_remembered_as_long_as_its_last_version() {
    let server = RedisServer::start();
    let cache = cache_on(&server);
    cache.invalidate(&THING, Version::new(2)).await;

    let offered = cache.offer_absent(&THING, Some(Version::new(2))).await;

    assert_eq!(offered.unwrap(), Offer::Accepted);
    assert_eq!(get(&cache).await, CacheAnswer::Absent);
    let ttl: i64 = server.ask(&["PTTL", KEY]);
    assert!((320_000..=330_000).contains(&ttl), "{ttl}");
    assert_eq!(offer(&cache, 1).await, Offer::Stale);
    // A release that does not know the mark reads the version.
    let stored: String = server.ask(&["GET", KEY]);
    assert_eq!(stored, "F2:A");
}

#[tokio::test]
async fn what_somebody_else_wrote_there_is_a_miss_and_is_replaced() {
    let server = RedisServer::start();
    let cache = cache_on(&server);
    for rubbish in ["", "V1:{", "V1:null", "Vx", "\u{0}", "A trap"] {
        server.ask::<()>(&["SET", KEY, rubbish]);

        assert_eq!(get(&cache).await, CacheAnswer::Miss, "{rubbish}");

        assert_eq!(offer(&cache, 1).await, Offer::Accepted, "{rubbish}");
        assert_eq!(get(&cache).await, CacheAnswer::Hit(view(1)), "{rubbish}");
    }
}

#[tokio::test]
async fn an_announcement_replaces_even_what_is_no_text() {
    let server = RedisServer::start();
    let cache = cache_on(&server);
    server.ask::<()>(&["LPUSH", KEY, "a list"]);
    assert!(cache.get(&THING).await.is_err());

    cache.invalidate(&THING, Version::new(2)).await;

    assert_eq!(get(&cache).await, announced(2));
    assert_eq!(cache.pending(), 0);
}

#[tokio::test]
async fn an_invoice_that_is_too_large_is_not_stored_but_what_is_older_is_refused() {
    let server = RedisServer::start();
    let cache = cache_on(&server);
    let mut large = InvoiceView::clone(&view(3));
    large.notes = Some("n".repeat(3 * 1024 * 1024));

    let offered = cache.offer(&THING, Arc::new(large)).await;

    assert_eq!(offered.unwrap(), Offer::Accepted);
    assert_eq!(get(&cache).await, announced(3));
    assert_eq!(offer(&cache, 2).await, Offer::Stale);
}

#[tokio::test]
async fn scripts_that_redis_has_lost_are_loaded_again() {
    let server = RedisServer::start();
    let cache = cache_on(&server);
    offer(&cache, 1).await;

    server.ask::<()>(&["SCRIPT", "FLUSH"]);
    cache.invalidate(&THING, Version::new(2)).await;
    server.ask::<()>(&["SCRIPT", "FLUSH"]);

    assert_eq!(offer(&cache, 1).await, Offer::Stale);
    assert_eq!(offer(&cache, 2).await, Offer::Accepted);
    assert_eq!(cache.pending(), 0);
}

#[tokio::test]
async fn a_full_redis_loses_an_old_invoice_all_the_same() {
    let server = RedisServer::start();
    let cache = cache_on(&server);
    offer(&cache, 1).await;

    server.ask::<()>(&["CONFIG", "SET", "maxmemory", "1"]);
    cache.invalidate(&THING, Version::new(2)).await;

    assert_eq!(get(&cache).await, CacheAnswer::Miss);
    assert!(cache.offer(&THING, view(2)).await.is_err());
    assert_eq!(cache.pending(), 0);
}

#[tokio::test]
async fn a_version_outlives_the_slowest_reader_however_short_things_are_remembered() {
    let server = RedisServer::start();
    let lifetimes = CacheLifetimes {
        ttl: Duration::from_secs(1),
        ..CacheLifetimes::default()
    };
    let cache = RedisInvoiceCache::new(server.pool(), lifetimes);

    cache.invalidate(&THING, Version::new(2)).await;

    let ttl: i64 = server.ask(&["PTTL", KEY]);
    assert!((59_000..=60_000).contains(&ttl), "{ttl}");
}
