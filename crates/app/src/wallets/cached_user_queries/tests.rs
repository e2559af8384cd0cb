use domain::{ids::AccountId, version::Version, wallets::PersonName};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::{
    ports::{MockUserCache, MockUserQueries},
    testing::{NOW, ORGANIZATION, USER, out_of_reach, stored_user},
};

fn ada() -> Arc<UserFacts> {
    let wallet = AccountId::from_uuid(Uuid::from_u128(1));
    Arc::new(stored_user("Ada1815", wallet).facts().clone())
}

fn renamed() -> Arc<UserFacts> {
    let mut ada = domain::wallets::User::restore(ada().as_ref().clone());
    let name = PersonName::parse("Ada King").unwrap();
    ada.rename(name, NOW.parse().unwrap()).unwrap();
    Arc::new(ada.facts().clone())
}

fn name() -> Username {
    Username::parse("ada1815").unwrap()
}

fn cached(storage: MockUserQueries, cache: MockUserCache) -> CachedUserQueries {
    CachedUserQueries::new(Arc::new(storage), Arc::new(cache))
}

/// Finds these, one after the other.
fn finding(facts: Vec<Option<Arc<UserFacts>>>) -> MockUserQueries {
    let mut storage = MockUserQueries::new();
    for found in facts {
        let find = storage.expect_find().once();
        find.return_once(move |_, _| Ok(found));
    }
    storage
}

#[rstest]
#[case::a_user(CacheAnswer::Hit(ada()), Some(ada()))]
#[case::that_there_is_none(CacheAnswer::Absent, None)]
#[tokio::test]
async fn what_the_cache_knows_costs_no_query(
    #[case] known: CacheAnswer<UserFacts>,
    #[case] expected: Option<Arc<UserFacts>>,
) {
    let mut cache = MockUserCache::new();
    cache.expect_get().once().return_once(|_, _| known);

    let queries = cached(MockUserQueries::new(), cache);

    let found = queries.find(ORGANIZATION, USER).await;

    assert_eq!(found.unwrap(), expected);
}

#[tokio::test]
async fn what_the_cache_does_not_know_is_read_and_offered() {
    let mut cache = MockUserCache::new();
    cache.expect_get().return_once(|_, _| CacheAnswer::Miss);
    let offer = cache.expect_offer().once();
    offer.return_once(|_| Offer::Accepted);

    let queries = cached(finding(vec![Some(ada())]), cache);

    let found = queries.find(ORGANIZATION, USER).await;

    assert_eq!(found.unwrap(), Some(ada()));
}

#[tokio::test]
async fn what_has_changed_meanwhile_is_read_again() {
    let mut cache = MockUserCache::new();
    cache.expect_get().return_once(|_, _| CacheAnswer::Miss);
    cache.expect_offer().once().return_once(|_| Offer::Stale);
    let storage = finding(vec![Some(ada()), Some(renamed())]);

    let queries = cached(storage, cache);

    let found = queries.find(ORGANIZATION, USER).await;

    assert_eq!(found.unwrap(), Some(renamed()));
}

#[tokio::test]
async fn a_known_name_leads_to_what_is_known_of_its_user() {
    let mut cache = MockUserCache::new();
    cache.expect_id_of().return_once(|_, _| Some(USER));
    cache
        .expect_get()
        .withf(|owner, id| (*owner, *id) == (ORGANIZATION, USER))
        .return_once(|_, _| CacheAnswer::Hit(renamed()));

    let queries = cached(MockUserQueries::new(), cache);

    let found = queries.find_by_username(ORGANIZATION, &name()).await;
    assert_eq!(found.unwrap(), Some(renamed()));
}

#[rstest]
#[case::new_enough(Offer::Accepted, vec![], ada())]
#[case::stale(Offer::Stale, vec![Some(renamed())], renamed())]
#[tokio::test]
async fn an_unknown_name_is_looked_up_and_its_user_offered(
    #[case] offer: Offer,
    #[case] read_again: Vec<Option<Arc<UserFacts>>>,
    #[case] expected: Arc<UserFacts>,
) {
    let mut cache = MockUserCache::new();
    cache.expect_id_of().return_once(|_, _| None);
    cache.expect_offer().once().return_once(move |_| offer);
    let mut storage = finding(read_again);
    let by_name = storage.expect_find_by_username().once();
    by_name.return_once(|_, _| Ok(Some(ada())));

    let queries = cached(storage, cache);

    let found = queries.find_by_username(ORGANIZATION, &name()).await;
    assert_eq!(found.unwrap(), Some(expected));
}

#[tokio::test]
async fn a_name_that_nobody_has_is_not_remembered() {
    let mut cache = MockUserCache::new();
    cache.expect_id_of().return_once(|_, _| None);
    let mut storage = MockUserQueries::new();
    let by_name = storage.expect_find_by_username().once();
    by_name.return_once(|_, _| Ok(None));

    let queries = cached(storage, cache);

    let found = queries.find_by_username(ORGANIZATION, &name()).await;
    assert_eq!(found.unwrap(), None);
}

#[tokio::test]
async fn a_failing_storage_is_told_and_nothing_is_remembered() {
    let mut cache = MockUserCache::new();
    cache.expect_get().return_once(|_, _| CacheAnswer::Miss);
    let mut storage = MockUserQueries::new();
    storage.expect_find().return_once(|_, _| out_of_reach());

    let failed = cached(storage, cache).find(ORGANIZATION, USER).await;

    assert!(matches!(failed, Err(StorageError::Unavailable(_))));
}

#[tokio::test]
async fn the_cache_hears_of_every_changed_user_and_of_nothing_else() {
    let touched = |kind, version| Touched {
        kind,
        organization_id: ORGANIZATION,
        id: USER.as_uuid(),
        version: Version::new(version),
    };
    let mut cache = MockUserCache::new();
    cache
        .expect_invalidate()
        .once()
        .withf(|owner, id, version| (*owner, *id, version.as_i64()) == (ORGANIZATION, USER, 3))
        .return_const(());
    let invalidation = cached(MockUserQueries::new(), cache).invalidation();

    let touched = [
        touched(AggregateKind::Customer, 2),
        touched(AggregateKind::User, 3),
    ];
    invalidation.committing(&touched).await;
    invalidation.committed(&touched).await;
}
