//! Users, and whose names are, that instances remember together.

use std::sync::Arc;

use adapters_redis::{CacheLifetimes, RedisUserCache, user_caches};
use app::{
    ports::{CacheAnswer, NameHolder, Offer, VersionedCache, username_key},
    testing::{
        NATIONAL_ID, ORGANIZATION, USER, contracts::hold_user_cache_to_its_contract, stored_user,
        stranger,
    },
};
use domain::{
    ids::AccountId,
    version::Version,
    wallets::{UserFacts, Username},
};
use uuid::Uuid;

use crate::redis_server::{RedisServer, eventually};

fn cache_on(server: &RedisServer) -> RedisUserCache {
    RedisUserCache::new(server.pool(), CacheLifetimes::default())
}

fn ada() -> Arc<UserFacts> {
    let wallet = AccountId::from_uuid(Uuid::from_u128(1));
    Arc::new(stored_user("Ada1815", wallet).facts().clone())
}

#[tokio::test]
async fn the_contract_holds() {
    let server = RedisServer::start();
    let (cache, mut last) = (cache_on(&server), 0);

    let new_id = || {
        last += 1;
        Uuid::from_u128(last)
    };
    hold_user_cache_to_its_contract(&cache, new_id).await;
}

#[tokio::test]
async fn what_one_instance_announces_no_other_answers_or_brings_back() {
    let server = RedisServer::start();
    let (one, other, key) = (cache_on(&server), cache_on(&server), (ORGANIZATION, USER));
    one.offer(&key, ada()).await.unwrap();
    assert_eq!(other.get(&key).await.unwrap(), CacheAnswer::Hit(ada()));

    one.invalidate(&key, Version::new(2)).await;

    let reached = CacheAnswer::Announced(Version::new(2));
    assert_eq!(other.get(&key).await.unwrap(), reached);
    assert_eq!(other.offer(&key, ada()).await.unwrap(), Offer::Stale);
}

#[tokio::test]
async fn what_redis_holds_does_not_show_the_national_id() {
    let server = RedisServer::start();
    let cache = cache_on(&server);

    cache.offer(&(ORGANIZATION, USER), ada()).await.unwrap();

    let key = format!("tallystick:user:1:{ORGANIZATION}:{USER}");
    let stored: String = server.ask(&["GET", &key]);
    assert!(stored.contains("Ada1815"), "{stored}");
    assert!(!stored.contains(NATIONAL_ID), "{stored}");
}

#[tokio::test]
async fn a_name_is_remembered_in_all_its_spellings_for_its_own_organization_only() {
    let server = RedisServer::start();
    let names = user_caches(&server.pool(), CacheLifetimes::default()).names;
    let [registered, asked] = ["Ada1815", "aDA1815"].map(|name| Username::parse(name).unwrap());
    let holder = Arc::new(NameHolder(USER));

    let key = username_key(ORGANIZATION, &registered);
    let offered = names.offer(&key, Arc::clone(&holder)).await;

    assert_eq!(offered.unwrap(), Offer::Accepted);
    let known = names.get(&username_key(ORGANIZATION, &asked)).await;
    assert_eq!(known.unwrap(), CacheAnswer::Hit(holder));
    let theirs = username_key(stranger().organization_id, &asked);
    assert_eq!(names.get(&theirs).await.unwrap(), CacheAnswer::Miss);
}

#[tokio::test]
async fn a_user_that_changed_while_redis_was_frozen_is_not_answered_and_announced_when_it_thaws() {
    let server = RedisServer::start();
    let (cache, other, key) = (cache_on(&server), cache_on(&server), (ORGANIZATION, USER));
    cache.offer(&key, ada()).await.unwrap();
    server.freeze();
    cache.invalidate(&key, Version::new(2)).await;

    server.thaw();
    eventually("redis has heard it", async || {
        let answer = cache.get(&key).await;
        assert!(!matches!(answer, Ok(CacheAnswer::Hit(_))), "{answer:?}");
        cache.pending() == 0
    })
    .await;

    let reached = CacheAnswer::Announced(Version::new(2));
    assert_eq!(other.get(&key).await.unwrap(), reached);
}
