use domain::version::Version;
use jiff::civil::date;
use mockall::predicate::eq;
use rstest::rstest;

use super::*;
use crate::{
    paging::Limit,
    ports::{CacheAnswer, CacheError, MockInvoiceQueries, MockVersionedCache, Offer},
    testing::{INVOICE, ORGANIZATION, out_of_reach, stored_invoice},
};

mod flights;
mod slow_storage;

type MockInvoiceCache = MockVersionedCache<InvoiceKey, InvoiceView>;

fn view(version: i64) -> Arc<InvoiceView> {
    let mut view = InvoiceView::from(stored_invoice(&[]).facts());
    view.entry.version = version;
    Arc::new(view)
}

fn cache_error<T>() -> Result<T, CacheError> {
    Err(CacheError("out of reach".into()))
}

fn cached(storage: MockInvoiceQueries, cache: MockInvoiceCache) -> CachedInvoiceQueries {
    CachedInvoiceQueries::new(Arc::new(storage), Arc::new(cache))
}

/// A cache that answers this.
fn answering(answer: CacheAnswer<InvoiceView>) -> MockInvoiceCache {
    let mut cache = MockInvoiceCache::new();
    cache
        .expect_get()
        .with(eq((ORGANIZATION, INVOICE)))
        .returning(move |_| Ok(answer.clone()));
    cache
}

/// A storage in which these are found, one after the other.
fn holding(found: impl IntoIterator<Item = Option<Arc<InvoiceView>>>) -> MockInvoiceQueries {
    let mut storage = MockInvoiceQueries::new();
    for found in found {
        storage
            .expect_find()
            .once()
            .with(eq(ORGANIZATION), eq(INVOICE))
            .returning(move |_, _| Ok(found.clone()));
    }
    storage
}

/// Expects that this is offered once, with this outcome.
fn offered(
    mut cache: MockInvoiceCache,
    what: Option<Arc<InvoiceView>>,
    outcome: Offer,
) -> MockInvoiceCache {
    if let Some(view) = what {
        cache
            .expect_offer()
            .once()
            .with(eq((ORGANIZATION, INVOICE)), eq(view))
            .returning(move |_, _| Ok(outcome));
    } else {
        cache
            .expect_offer_absent()
            .once()
            .with(eq((ORGANIZATION, INVOICE)), eq(None))
            .returning(move |_, _| Ok(outcome));
    }
    cache
}

#[rstest]
#[case::an_invoice(CacheAnswer::Hit(view(3)), Some(view(3)))]
#[case::that_there_is_none(CacheAnswer::Absent, None)]
#[tokio::test]
async fn what_the_cache_knows_costs_no_query(
    #[case] known: CacheAnswer<InvoiceView>,
    #[case] expected: Option<Arc<InvoiceView>>,
) {
    let queries = cached(MockInvoiceQueries::new(), answering(known));

    let found = queries.find(ORGANIZATION, INVOICE).await;

    assert_eq!(found.unwrap(), expected);
}

#[rstest]
#[case::an_invoice(Some(view(3)))]
#[case::that_there_is_none(None)]
#[tokio::test]
async fn what_the_cache_does_not_know_is_read_and_offered_to_it(
    #[case] stored: Option<Arc<InvoiceView>>,
) {
    let cache = offered(
        answering(CacheAnswer::Miss),
        stored.clone(),
        Offer::Accepted,
    );
    let queries = cached(holding([stored.clone()]), cache);

    let found = queries.find(ORGANIZATION, INVOICE).await;

    assert_eq!(found.unwrap(), stored);
}

#[tokio::test]
async fn what_is_gone_is_offered_as_of_what_was_announced_before_it_was_looked_for() {
    let deleted = Version::new(4);
    let mut cache = answering(CacheAnswer::Announced(deleted));
    cache
        .expect_offer_absent()
        .once()
        .with(eq((ORGANIZATION, INVOICE)), eq(Some(deleted)))
        .returning(|_, _| Ok(Offer::Accepted));
    let queries = cached(holding([None]), cache);

    let found = queries.find(ORGANIZATION, INVOICE).await;

    assert_eq!(found.unwrap(), None);
}

#[tokio::test]
async fn a_cache_out_of_reach_is_a_miss() {
    let mut cache = MockInvoiceCache::new();
    cache.expect_get().once().returning(|_| cache_error());
    cache.expect_offer().once().returning(|_, _| cache_error());
    let queries = cached(holding([Some(view(3))]), cache);

    let found = queries.find(ORGANIZATION, INVOICE).await;

    assert_eq!(found.unwrap(), Some(view(3)));
}

#[rstest]
#[case::the_invoice_was_changed(Some(view(3)), Some(view(4)))]
#[case::the_invoice_was_deleted(Some(view(3)), None)]
#[case::the_invoice_was_created(None, Some(view(1)))]
#[tokio::test]
async fn what_is_stale_when_it_is_offered_is_read_again(
    #[case] stale: Option<Arc<InvoiceView>>,
    #[case] newer: Option<Arc<InvoiceView>>,
) {
    let cache = offered(answering(CacheAnswer::Miss), stale.clone(), Offer::Stale);
    let cache = offered(cache, newer.clone(), Offer::Accepted);
    let queries = cached(holding([stale, newer.clone()]), cache);

    let found = queries.find(ORGANIZATION, INVOICE).await;

    assert_eq!(found.unwrap(), newer);
}

/// It is new enough: it was read after the change that made the first reading stale.
#[tokio::test]
async fn a_second_reading_is_answered_whatever_the_cache_says_of_it() {
    let cache = offered(answering(CacheAnswer::Miss), Some(view(3)), Offer::Stale);
    let cache = offered(cache, Some(view(4)), Offer::Stale);
    let queries = cached(holding([Some(view(3)), Some(view(4))]), cache);

    let found = queries.find(ORGANIZATION, INVOICE).await;

    assert_eq!(found.unwrap(), Some(view(4)));
}

#[tokio::test]
async fn a_second_reading_is_answered_although_the_cache_has_gone() {
    let mut cache = offered(answering(CacheAnswer::Miss), Some(view(3)), Offer::Stale);
    cache.expect_offer().once().returning(|_, _| cache_error());
    let queries = cached(holding([Some(view(3)), Some(view(4))]), cache);

    let found = queries.find(ORGANIZATION, INVOICE).await;

    assert_eq!(found.unwrap(), Some(view(4)));
}

#[rstest]
#[case::out_of_reach(|| out_of_reach(), "the storage is unavailable")]
#[case::contended(
    || Err(StorageError::Contended { attempts: 8 }),
    "gave up after 8 attempts because of concurrent writers"
)]
#[case::corrupt(
    || Err(StorageError::Corrupt { entity: "invoice", source: "no status".into() }),
    "the stored invoice is not valid"
)]
#[tokio::test]
async fn a_failing_storage_is_told_as_it_failed_and_nothing_is_offered(
    #[case] failure: fn() -> Result<Option<Arc<InvoiceView>>, StorageError>,
    #[case] told: &str,
) {
    let mut storage = MockInvoiceQueries::new();
    storage
        .expect_find()
        .once()
        .returning(move |_, _| failure());
    let queries = cached(storage, answering(CacheAnswer::Miss));

    let failed = queries.find(ORGANIZATION, INVOICE).await.unwrap_err();

    assert_eq!(failed.to_string(), told);
}

fn first_rows() -> Window {
    Window::After {
        position: None,
        limit: Limit::default(),
    }
}

#[tokio::test]
async fn lists_are_read_from_storage_alone() {
    let filter = InvoiceFilter {
        overdue_on: Some(date(2026, 11, 20)),
        ..InvoiceFilter::default()
    };
    let listing = Listing {
        rows: vec![view(1).entry.clone()],
        next: None,
        total: None,
    };
    let (wanted, answer) = (filter.clone(), listing.clone());
    let mut storage = MockInvoiceQueries::new();
    storage
        .expect_list()
        .once()
        .withf(move |owner, filter, window| {
            *owner == ORGANIZATION && *filter == wanted && *window == first_rows()
        })
        .returning(move |_, _, _| Ok(answer.clone()));
    let queries = cached(storage, MockInvoiceCache::new());

    let found = queries.list(ORGANIZATION, &filter, first_rows()).await;

    assert_eq!(found.unwrap(), listing);
}

#[tokio::test]
async fn timelines_are_read_from_storage_alone() {
    let mut storage = MockInvoiceQueries::new();
    storage
        .expect_timeline()
        .once()
        .with(eq(ORGANIZATION), eq(INVOICE), eq(first_rows()))
        .returning(|_, _, _| Ok(None));
    let queries = cached(storage, MockInvoiceCache::new());

    let found = queries.timeline(ORGANIZATION, INVOICE, first_rows()).await;

    assert_eq!(found.unwrap(), None);
}

#[tokio::test]
async fn summaries_are_read_from_storage_alone() {
    let mut storage = MockInvoiceQueries::new();
    let summary = storage.expect_summary().once().with(eq(ORGANIZATION));
    summary.returning(|_| Ok(Vec::new()));
    let queries = cached(storage, MockInvoiceCache::new());

    let found = queries.summary(ORGANIZATION).await;

    assert_eq!(found.unwrap(), []);
}
