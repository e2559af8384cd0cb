//! Users, and whose names are, remembered in one process.

use std::sync::Arc;

use adapters_local::{CacheLimits, LocalUserCache, UuidV7Generator, user_caches};
use app::{
    ports::{CacheAnswer, IdGenerator, NameHolder, Offer, VersionedCache, username_key},
    testing::{
        NATIONAL_ID, ORGANIZATION, USER, contracts::hold_user_cache_to_its_contract, stored_user,
        stranger,
    },
};
use domain::{ids::AccountId, wallets::Username};
use uuid::Uuid;

#[tokio::test]
async fn the_contract_holds() {
    let cache = LocalUserCache::new(CacheLimits::default());

    hold_user_cache_to_its_contract(&cache, || UuidV7Generator.new_id()).await;
}

#[tokio::test]
async fn a_name_is_remembered_in_all_its_spellings_for_its_own_organization_only() {
    let names = user_caches(CacheLimits::default()).names;
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
async fn what_is_remembered_does_not_show_the_national_id() {
    let cache = LocalUserCache::new(CacheLimits::default());
    let ada = stored_user("Ada1815", AccountId::from_uuid(Uuid::from_u128(1)));
    let key = (ORGANIZATION, USER);
    let offered = cache.offer(&key, Arc::new(ada.facts().clone())).await;
    offered.unwrap();

    let shown = format!("{:?}", cache.get(&key).await.unwrap());

    assert!(
        shown.contains("Ada1815") && !shown.contains(NATIONAL_ID),
        "{shown}"
    );
}
