use app::testing::{NOW, ORGANIZATION, USER, stored_user, stranger};
use domain::{ids::AccountId, wallets::User};
use uuid::Uuid;

use super::*;

fn ada() -> User {
    stored_user("Ada1815", AccountId::from_uuid(Uuid::from_u128(1)))
}

fn closed() -> User {
    let mut ada = ada();
    ada.close(NOW.parse().unwrap()).unwrap();
    ada
}

fn offer(cache: &LocalUserCache, user: &User) -> Offer {
    cache.offer(Arc::new(user.facts().clone()))
}

fn known(cache: &LocalUserCache) -> Option<Version> {
    match cache.get(ORGANIZATION, USER) {
        CacheAnswer::Hit(facts) => Some(facts.version),
        CacheAnswer::Absent | CacheAnswer::Miss => None,
    }
}

#[test]
fn a_user_is_remembered_by_id_and_by_name_for_its_own_organization_only() {
    let cache = LocalUserCache::new(CacheLimits::default());
    let name = Username::parse("aDA1815").unwrap();
    let them = stranger().organization_id;

    assert_eq!(offer(&cache, &ada()), Offer::Accepted);

    assert_eq!(known(&cache), Some(Version::FIRST));
    assert_eq!(cache.id_of(ORGANIZATION, &name), Some(USER));
    assert_eq!(cache.get(them, USER), CacheAnswer::Miss);
    assert_eq!(cache.id_of(them, &name), None);
}

#[test]
fn nobody_is_shown_a_user_that_was_changed_since() {
    let cache = LocalUserCache::new(CacheLimits::default());
    offer(&cache, &ada());

    cache.invalidate(ORGANIZATION, USER, Version::new(2));

    assert_eq!(known(&cache), None);
    assert_eq!(offer(&cache, &ada()), Offer::Stale);
    assert_eq!(known(&cache), None);
    assert_eq!(offer(&cache, &closed()), Offer::Accepted);
    assert_eq!(known(&cache), Some(Version::new(2)));
}

#[test]
fn that_there_is_no_such_user_ends_when_there_is_one() {
    let cache = LocalUserCache::new(CacheLimits::default());
    assert_eq!(cache.offer_absent(ORGANIZATION, USER), Offer::Accepted);
    assert_eq!(cache.get(ORGANIZATION, USER), CacheAnswer::Absent);

    cache.invalidate(ORGANIZATION, USER, Version::FIRST);

    assert_eq!(cache.get(ORGANIZATION, USER), CacheAnswer::Miss);
    assert_eq!(cache.offer_absent(ORGANIZATION, USER), Offer::Stale);
}

#[test]
fn what_is_remembered_does_not_show_the_national_id() {
    let cache = LocalUserCache::new(CacheLimits::default());
    offer(&cache, &ada());

    let shown = format!("{:?}", cache.get(ORGANIZATION, USER));

    assert!(
        shown.contains("Ada1815") && !shown.contains("5678"),
        "{shown}"
    );
}
