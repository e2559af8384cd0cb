//! Invoices that are remembered in a Redis that comes and goes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use app::ports::{CacheAnswer, Offer, VersionedCache};
use domain::version::Version;

use crate::{
    invoice_cache::{ORGANIZATION, THING, announced, cache_on, get, offer, view},
    redis_server::{RedisServer, eventually},
};

#[tokio::test]
async fn with_redis_killed_calls_fail_at_once_and_work_again_when_it_is_back() {
    let mut server = RedisServer::start();
    let cache = cache_on(&server);
    offer(&cache, 1).await;

    server.kill();
    let asked = Instant::now();
    for _ in 0..100 {
        assert!(cache.get(&THING).await.is_err());
        assert!(cache.offer(&THING, view(1)).await.is_err());
        assert!(cache.offer_absent(&THING, None).await.is_err());
    }
    let cost = asked.elapsed();
    server.start_again();

    assert!(cost < Duration::from_secs(1), "{cost:?}");
    eventually("redis is used again", async || {
        cache.offer(&THING, view(1)).await.is_ok()
    })
    .await;
    assert_eq!(get(&cache).await, CacheAnswer::Hit(view(1)));
}

#[tokio::test]
async fn what_was_announced_while_redis_was_frozen_is_neither_answered_nor_lost() {
    let server = RedisServer::start();
    let (cache, other) = (cache_on(&server), cache_on(&server));
    offer(&cache, 1).await;
    server.freeze();
    cache.invalidate(&THING, Version::new(2)).await;
    cache.invalidate(&THING, Version::new(3)).await;
    assert_eq!(cache.pending(), 1);

    server.thaw();
    let old = [view(1), view(2)].map(CacheAnswer::Hit);
    eventually("redis has heard it", async || {
        if let Ok(answer) = cache.get(&THING).await {
            assert!(!old.contains(&answer), "{answer:?}");
        }
        cache.pending() == 0
    })
    .await;

    assert_eq!(get(&other).await, announced(3));
    assert_eq!(offer(&other, 2).await, Offer::Stale);
    assert_eq!(offer(&other, 3).await, Offer::Accepted);
}

#[tokio::test]
async fn an_announcement_whose_maker_was_cut_off_is_made_all_the_same() {
    let server = RedisServer::start();
    let cache = cache_on(&server);
    offer(&cache, 1).await;
    server.freeze();

    let announcing = cache.invalidate(&THING, Version::new(2));
    let cut_off = tokio::time::timeout(Duration::from_millis(20), announcing).await;
    server.thaw();

    assert!(cut_off.is_err());
    eventually("redis has heard it", async || cache.pending() == 0).await;
    assert_eq!(get(&cache).await, announced(2));
    assert_eq!(offer(&cache, 1).await, Offer::Stale);
}

#[tokio::test]
async fn what_is_pending_refuses_what_is_older_before_redis_is_asked() {
    let server = RedisServer::start();
    let cache = cache_on(&server);
    server.freeze();

    cache.invalidate(&THING, Version::new(2)).await;

    assert_eq!(offer(&cache, 1).await, Offer::Stale);
    let absent = cache.offer_absent(&THING, None).await;
    assert_eq!(absent.unwrap(), Offer::Stale);
    server.thaw();
}

#[tokio::test]
async fn thousands_of_announcements_arrive_when_redis_is_back_though_it_has_forgotten_the_script() {
    let mut server = RedisServer::start();
    let cache = cache_on(&server);
    server.kill();
    for number in 0..5_000 {
        let id = domain::ids::InvoiceId::from_uuid(uuid::Uuid::from_u128(number));
        cache.invalidate(&(ORGANIZATION, id), Version::new(2)).await;
    }
    assert_eq!(cache.pending(), 5_000);

    server.start_again();

    eventually("redis has heard all", async || cache.pending() == 0).await;
    assert_eq!(server.ask::<u32>(&["DBSIZE"]), 5_000);
}

/// A writer raises the version; readers offer what they have read, late; Redis freezes and thaws in the middle. Nobody may see anything older than what was announced before they asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_old_is_answered_while_redis_freezes_and_thaws() {
    let server = RedisServer::start();
    let cache = Arc::new(cache_on(&server));
    let announced = Arc::new(std::sync::atomic::AtomicI64::new(1));
    let is_over = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (cache, announced, is_over) = (cache.clone(), announced.clone(), is_over.clone());
            tokio::spawn(async move {
                let mut hits = 0;
                while !is_over.load(Ordering::SeqCst) {
                    let floor = announced.load(Ordering::SeqCst);
                    if let Ok(CacheAnswer::Hit(seen)) = cache.get(&THING).await {
                        assert!(seen.entry.version >= floor, "{}", seen.entry.version);
                        hits += 1;
                    }
                    let read = view(announced.load(Ordering::SeqCst));
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    drop(cache.offer(&THING, read).await);
                }
                hits
            })
        })
        .collect();
    let writer = tokio::spawn({
        let (cache, announced, is_over) = (cache.clone(), announced.clone(), is_over.clone());
        async move {
            let mut version = 1;
            while !is_over.load(Ordering::SeqCst) {
                version += 1;
                let reached = Version::new(version);
                cache.invalidate(&THING, reached).await;
                announced.store(version, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        }
    });

    for _ in 0..5 {
        let before = announced.load(Ordering::SeqCst);
        let has_gone_on = async || announced.load(Ordering::SeqCst) > before + 20;
        eventually("the writer goes on", has_gone_on).await;
        server.freeze();
        let failed = async || cache.get(&THING).await.is_err();
        eventually("redis is missed", failed).await;
        server.thaw();
        let works = async || cache.get(&THING).await.is_ok();
        eventually("redis is used", works).await;
    }
    is_over.store(true, Ordering::SeqCst);

    writer.await.unwrap();
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
}
