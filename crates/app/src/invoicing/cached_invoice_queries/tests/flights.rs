//! Many who look for one invoice at once, and commits in the midst of it.

use domain::version::Version;
use futures_util::{FutureExt, future::join_all};
use tokio::{sync::mpsc, time::timeout};
use uuid::Uuid;

use super::{
    slow_storage::{PATIENCE, SlowStorage},
    *,
};
use crate::{
    ports::{CommitListener as _, Touched},
    testing::{CUSTOMER, KEY, stranger},
};

const ANOTHER: InvoiceId = InvoiceId::from_uuid(Uuid::from_u128(5));

fn touched(kind: AggregateKind, id: Uuid) -> Touched {
    Touched {
        kind,
        organization_id: ORGANIZATION,
        id,
        version: Version::new(2),
    }
}

/// An invoice that has got to a version.
fn reached(id: InvoiceId, version: i64) -> Touched {
    Touched {
        version: Version::new(version),
        ..touched(AggregateKind::Invoice, id.as_uuid())
    }
}

/// Expects that exactly these are announced.
fn announcing(is_shared: bool, announced: &[Touched]) -> CachedInvoiceQueries {
    let mut cache = MockInvoiceCache::new();
    cache.expect_is_shared().return_const(is_shared);
    for it in announced {
        cache
            .expect_invalidate()
            .once()
            .with(
                eq((it.organization_id, InvoiceId::from_uuid(it.id))),
                eq(it.version),
            )
            .return_const(());
    }
    cached(MockInvoiceQueries::new(), cache)
}

/// Knows nothing, and takes what it is offered.
fn forgetful_cache() -> MockInvoiceCache {
    let mut cache = answering(CacheAnswer::Miss);
    cache.expect_offer().returning(|_, _| Ok(Offer::Accepted));
    cache.expect_invalidate().return_const(());
    cache.expect_is_shared().return_const(false);
    cache
}

#[tokio::test]
async fn fifty_who_look_for_one_invoice_at_once_cost_one_query_and_one_offer() {
    let storage = Arc::new(SlowStorage::default());
    let cache = answering(CacheAnswer::Miss);
    let cache = offered(cache, Some(view(1)), Offer::Accepted);
    let queries = CachedInvoiceQueries::new(storage.clone(), Arc::new(cache));

    let finders = (0..50).map(|_| queries.find(ORGANIZATION, INVOICE));
    let gate = async {
        storage.reach(1).await;
        storage.let_through(1);
    };
    let (found, ()) = tokio::join!(join_all(finders), gate);

    assert_eq!(found.len(), 50);
    assert!(found.into_iter().all(|it| it.unwrap() == Some(view(1))));
    assert_eq!(storage.readings(), 1);
}

#[tokio::test]
async fn those_who_look_for_different_invoices_do_not_wait_for_each_other() {
    let storage = Arc::new(SlowStorage::default());
    let mut cache = MockInvoiceCache::new();
    cache.expect_get().returning(|_| Ok(CacheAnswer::Miss));
    cache.expect_offer().returning(|_, _| Ok(Offer::Accepted));
    let queries = CachedInvoiceQueries::new(storage.clone(), Arc::new(cache));

    let gate = async {
        storage.reach(3).await;
        storage.let_through(3);
    };
    let (first, second, third, ()) = tokio::join!(
        queries.find(ORGANIZATION, INVOICE),
        queries.find(ORGANIZATION, ANOTHER),
        queries.find(stranger().organization_id, INVOICE),
        gate
    );

    assert!(first.is_ok() && second.is_ok() && third.is_ok());
}

#[tokio::test]
async fn whoever_looks_after_a_commit_does_not_join_a_reading_that_began_before_it() {
    let storage = Arc::new(SlowStorage::default());
    let queries = CachedInvoiceQueries::new(storage.clone(), Arc::new(forgetful_cache()));
    let commit = [touched(AggregateKind::Invoice, INVOICE.as_uuid())];

    let later = async {
        storage.reach(1).await;
        queries.invalidation().committed(&commit).await;
        let looking = queries.find(ORGANIZATION, INVOICE);
        let gate = async {
            storage.reach(2).await;
            storage.let_through(2);
        };
        tokio::join!(looking, gate).0
    };
    let (before, after) = tokio::join!(queries.find(ORGANIZATION, INVOICE), later);

    assert_eq!(before.unwrap(), Some(view(1)));
    assert_eq!(after.unwrap(), Some(view(2)));
}

#[tokio::test]
async fn a_reading_is_carried_to_its_end_and_offered_although_nobody_waits_for_it() {
    let storage = Arc::new(SlowStorage::default());
    let (tell, mut offers) = mpsc::unbounded_channel();
    let mut cache = answering(CacheAnswer::Miss);
    cache.expect_offer().once().returning(move |_, view| {
        tell.send(view).unwrap();
        Ok(Offer::Accepted)
    });
    let queries = CachedInvoiceQueries::new(storage.clone(), Arc::new(cache));

    let mut looking = Box::pin(queries.find(ORGANIZATION, INVOICE));
    assert!(looking.as_mut().now_or_never().is_none());
    drop(looking);
    storage.reach(1).await;
    storage.let_through(1);

    let offered = timeout(PATIENCE, offers.recv()).await;
    assert_eq!(offered.unwrap(), Some(view(1)));
}

#[tokio::test]
async fn of_all_that_a_commit_changed_only_invoices_are_announced_to_the_cache() {
    let commit = [
        touched(AggregateKind::Organization, ORGANIZATION.as_uuid()),
        touched(AggregateKind::Invoice, INVOICE.as_uuid()),
        touched(AggregateKind::ApiKey, KEY.as_uuid()),
        touched(AggregateKind::Customer, CUSTOMER.as_uuid()),
        touched(AggregateKind::Invoice, ANOTHER.as_uuid()),
    ];
    let queries = announcing(false, &[commit[1], commit[4]]);

    queries.invalidation().committed(&commit).await;
}

#[tokio::test]
async fn what_others_share_hears_of_changes_before_they_are_committed_and_of_new_invoices_after() {
    let (changed, new) = (reached(INVOICE, 2), reached(ANOTHER, 1));
    let commit = [
        changed,
        new,
        touched(AggregateKind::Customer, CUSTOMER.as_uuid()),
    ];

    let queries = announcing(true, &[changed]);
    queries.invalidation().committing(&commit).await;

    let queries = announcing(true, &[new]);
    queries.invalidation().committed(&commit).await;
}

#[tokio::test]
async fn what_ends_with_the_process_hears_of_changes_after_they_are_committed() {
    let commit = [reached(INVOICE, 2), reached(ANOTHER, 1)];

    let queries = announcing(false, &[]);
    queries.invalidation().committing(&commit).await;

    let queries = announcing(false, &commit);
    queries.invalidation().committed(&commit).await;
}

/// The change that made the first reading stale may not be committed yet when the second one begins.
#[tokio::test]
async fn whoever_looks_during_a_second_reading_does_not_join_it() {
    let storage = Arc::new(SlowStorage::default());
    let mut cache = answering(CacheAnswer::Miss);
    cache.expect_offer().returning(|_, _| Ok(Offer::Stale));
    let queries = CachedInvoiceQueries::new(storage.clone(), Arc::new(cache));

    let later = async {
        storage.reach(1).await;
        storage.let_through(1);
        storage.reach(2).await;
        let looking = queries.find(ORGANIZATION, INVOICE);
        let gate = async {
            storage.reach(3).await;
            storage.let_through(4);
        };
        tokio::join!(looking, gate).0
    };
    let (before, after) = tokio::join!(queries.find(ORGANIZATION, INVOICE), later);

    assert_eq!(before.unwrap(), Some(view(2)));
    assert_eq!(after.unwrap(), Some(view(4)));
}
