use domain::{ids::AccountId, version::Version, wallets::PersonName};
use mockall::predicate::eq;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::{
    ports::{
        CacheAnswer, CacheError, CommitListener as _, MockUserQueries, MockVersionedCache,
        NameHolder, Offer, Touched, UsernameKey,
    },
    testing::{NOW, ORGANIZATION, USER, out_of_reach, stored_user},
};

mod at_once;

type MockUserCache = MockVersionedCache<UserKey, UserFacts>;
type MockUsernameCache = MockVersionedCache<UsernameKey, NameHolder>;

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

/// Somebody else, under the id that was hers.
fn charles() -> Arc<UserFacts> {
    let wallet = AccountId::from_uuid(Uuid::from_u128(1));
    Arc::new(stored_user("Charles", wallet).facts().clone())
}

fn name() -> Username {
    Username::parse("ada1815").unwrap()
}

fn cached(
    storage: MockUserQueries,
    users: MockUserCache,
    names: MockUsernameCache,
) -> CachedUserQueries {
    let caches = UserCaches {
        users: Arc::new(users),
        names: Arc::new(names),
    };
    CachedUserQueries::new(Arc::new(storage), caches)
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

fn naming(found: Option<Arc<UserFacts>>, mut storage: MockUserQueries) -> MockUserQueries {
    let by_name = storage.expect_find_by_username().once();
    by_name.return_once(|_, _| Ok(found));
    storage
}

/// Users of whom this is known.
fn knowing(answer: CacheAnswer<UserFacts>) -> MockUserCache {
    let mut cache = MockUserCache::new();
    let get = cache.expect_get().with(eq((ORGANIZATION, USER)));
    get.returning(move |_| Ok(answer.clone()));
    cache
}

/// Names of which this is known.
fn names(answer: CacheAnswer<NameHolder>) -> MockUsernameCache {
    let mut cache = MockUsernameCache::new();
    let get = cache
        .expect_get()
        .with(eq((ORGANIZATION, "ada1815".to_owned())));
    get.returning(move |_| Ok(answer.clone()));
    cache
}

fn holder() -> Arc<NameHolder> {
    Arc::new(NameHolder(USER))
}

/// Names of which nothing is known, until they are told of Ada once.
fn names_that_are_told() -> MockUsernameCache {
    let mut cache = names(CacheAnswer::Miss);
    let offer = cache.expect_offer().once();
    offer
        .with(eq((ORGANIZATION, "ada1815".to_owned())), eq(holder()))
        .returning(|_, _| Ok(Offer::Accepted));
    cache
}

#[rstest]
#[case::a_user(CacheAnswer::Hit(ada()), Some(ada()))]
#[case::that_there_is_none(CacheAnswer::Absent, None)]
#[tokio::test]
async fn what_the_cache_knows_costs_no_query(
    #[case] known: CacheAnswer<UserFacts>,
    #[case] expected: Option<Arc<UserFacts>>,
) {
    let queries = cached(
        MockUserQueries::new(),
        knowing(known),
        MockUsernameCache::new(),
    );

    let found = queries.find(ORGANIZATION, USER).await;

    assert_eq!(found.unwrap(), expected);
}

#[rstest]
#[case::new_enough(Offer::Accepted, vec![Some(ada())], ada())]
#[case::stale(Offer::Stale, vec![Some(ada()), Some(renamed())], renamed())]
#[tokio::test]
async fn what_the_cache_does_not_know_is_read_and_offered(
    #[case] offer: Offer,
    #[case] readings: Vec<Option<Arc<UserFacts>>>,
    #[case] expected: Arc<UserFacts>,
) {
    let mut users = knowing(CacheAnswer::Miss);
    let offered = users.expect_offer().times(readings.len());
    offered.returning(move |_, _| Ok(offer));
    let queries = cached(finding(readings), users, MockUsernameCache::new());

    let found = queries.find(ORGANIZATION, USER).await;

    assert_eq!(found.unwrap(), Some(expected));
}

#[tokio::test]
async fn a_known_name_leads_to_what_is_known_of_its_user() {
    let users = knowing(CacheAnswer::Hit(renamed()));
    let names = names(CacheAnswer::Hit(holder()));
    let queries = cached(MockUserQueries::new(), users, names);

    let found = queries.find_by_username(ORGANIZATION, &name()).await;

    assert_eq!(found.unwrap(), Some(renamed()));
}

/// Whatever was written there, and by whomever.
#[rstest]
#[case::to_nobody(CacheAnswer::Absent)]
#[case::to_somebody_of_another_name(CacheAnswer::Hit(charles()))]
#[tokio::test]
async fn a_name_that_leads_astray_is_looked_up(#[case] known: CacheAnswer<UserFacts>) {
    let mut users = knowing(known);
    users.expect_offer().returning(|_, _| Ok(Offer::Accepted));
    let mut names = names(CacheAnswer::Hit(holder()));
    names.expect_offer().returning(|_, _| Ok(Offer::Accepted));
    let queries = cached(naming(Some(ada()), finding(vec![])), users, names);

    let found = queries.find_by_username(ORGANIZATION, &name()).await;

    assert_eq!(found.unwrap(), Some(ada()));
}

#[rstest]
#[case::new_enough(Offer::Accepted, vec![], ada())]
#[case::stale(Offer::Stale, vec![Some(renamed())], renamed())]
#[tokio::test]
async fn an_unknown_name_is_looked_up_and_it_and_its_user_offered(
    #[case] offer: Offer,
    #[case] read_again: Vec<Option<Arc<UserFacts>>>,
    #[case] expected: Arc<UserFacts>,
) {
    let mut users = MockUserCache::new();
    let offered = users.expect_offer().once();
    offered.return_once(move |_, _| Ok(offer));
    let storage = naming(Some(ada()), finding(read_again));
    let queries = cached(storage, users, names_that_are_told());

    let found = queries.find_by_username(ORGANIZATION, &name()).await;

    assert_eq!(found.unwrap(), Some(expected));
}

#[tokio::test]
async fn a_name_that_nobody_has_is_not_remembered() {
    let storage = naming(None, MockUserQueries::new());
    let queries = cached(storage, MockUserCache::new(), names(CacheAnswer::Miss));

    let found = queries.find_by_username(ORGANIZATION, &name()).await;

    assert_eq!(found.unwrap(), None);
}

#[tokio::test]
async fn caches_out_of_reach_are_in_nobodys_way() {
    let error = || CacheError("out of reach".into());
    let (mut users, mut names) = (MockUserCache::new(), MockUsernameCache::new());
    users.expect_offer().returning(move |_, _| Err(error()));
    names.expect_get().returning(move |_| Err(error()));
    names.expect_offer().returning(move |_, _| Err(error()));
    let queries = cached(naming(Some(ada()), MockUserQueries::new()), users, names);

    let found = queries.find_by_username(ORGANIZATION, &name()).await;

    assert_eq!(found.unwrap(), Some(ada()));
}

#[tokio::test]
async fn a_failing_storage_is_told_and_nothing_is_remembered() {
    let mut storage = MockUserQueries::new();
    storage.expect_find().return_once(|_, _| out_of_reach());
    let users = knowing(CacheAnswer::Miss);

    let queries = cached(storage, users, MockUsernameCache::new());
    let failed = queries.find(ORGANIZATION, USER).await;

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
    let mut users = MockUserCache::new();
    users.expect_is_shared().return_const(true);
    let invalidate = users.expect_invalidate().once();
    invalidate
        .with(eq((ORGANIZATION, USER)), eq(Version::new(3)))
        .return_const(());
    let queries = cached(MockUserQueries::new(), users, MockUsernameCache::new());
    let invalidation = queries.invalidation();

    let touched = [
        touched(AggregateKind::Customer, 2),
        touched(AggregateKind::User, 3),
    ];
    invalidation.committing(&touched).await;
    invalidation.committed(&touched).await;
}
