//! Many who look for one invoice at once, and commits in the midst of it.

use futures_util::{FutureExt, future::join_all};
use tokio::{sync::mpsc, time::timeout};
use uuid::Uuid;

use super::{
    slow_storage::{PATIENCE, SlowStorage},
    *,
};
use crate::testing::{CUSTOMER, KEY, stranger};

fn touched(kind: AggregateKind, id: Uuid) -> Touched {
    Touched {
        kind,
        organization_id: ORGANIZATION,
        id,
        version: Version::new(2),
    }
}

/// Knows nothing, and takes what it is offered.
fn forgetful_cache() -> MockInvoiceCache {
    let mut cache = answering(CacheAnswer::Miss);
    cache.expect_offer().returning(|_, _| Ok(Offer::Accepted));
    cache.expect_invalidate().return_const(());
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
    cache.expect_get().returning(|_, _| Ok(CacheAnswer::Miss));
    cache.expect_offer().returning(|_, _| Ok(Offer::Accepted));
    let queries = CachedInvoiceQueries::new(storage.clone(), Arc::new(cache));
    let another = InvoiceId::from_uuid(Uuid::from_u128(5));

    let gate = async {
        storage.reach(3).await;
        storage.let_through(3);
    };
    let (first, second, third, ()) = tokio::join!(
        queries.find(ORGANIZATION, INVOICE),
        queries.find(ORGANIZATION, another),
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
    let another = InvoiceId::from_uuid(Uuid::from_u128(5));
    let commit = [
        touched(AggregateKind::Organization, ORGANIZATION.as_uuid()),
        touched(AggregateKind::Invoice, INVOICE.as_uuid()),
        touched(AggregateKind::ApiKey, KEY.as_uuid()),
        touched(AggregateKind::Customer, CUSTOMER.as_uuid()),
        touched(AggregateKind::Invoice, another.as_uuid()),
    ];
    let mut cache = MockInvoiceCache::new();
    for id in [INVOICE, another] {
        cache
            .expect_invalidate()
            .once()
            .with(eq(ORGANIZATION), eq(id), eq(Version::new(2)))
            .return_const(());
    }
    let queries = cached(MockInvoiceQueries::new(), cache);

    queries.invalidation().committed(&commit).await;
}
