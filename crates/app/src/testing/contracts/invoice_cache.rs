//! The contract of [`InvoiceCache`].

use std::sync::Arc;

use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::Invoice,
    version::Version,
};
use futures_util::{FutureExt, future::join_all};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    invoicing::InvoiceView,
    ports::{CacheAnswer, InvoiceCache, Offer},
    testing::draft_contents,
};

const REACHABLE: &str = "the cache is reachable";

fn organization(number: u128) -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(number))
}

fn invoice(id: InvoiceId, version: i64) -> Arc<InvoiceView> {
    let now = Timestamp::UNIX_EPOCH;
    let drafted = Invoice::draft(id, organization(1), draft_contents(), now);
    let mut view = InvoiceView::from(drafted.expect("a valid draft").facts());
    view.entry.version = version;
    Arc::new(view)
}

/// Panics with what an adapter does not do. Its entries MUST start out empty for the ids made by `new_id`.
pub async fn hold_invoice_cache_to_its_contract(
    cache: &dyn InvoiceCache,
    mut new_id: impl FnMut() -> Uuid,
) {
    let mut next = || InvoiceId::from_uuid(new_id());
    remembers_what_it_is_offered(cache, next()).await;
    keeps_organizations_apart(cache, next()).await;
    keeps_the_newest(cache, next()).await;
    does_not_resurrect_what_was_changed(cache, next()).await;
    does_not_resurrect_what_was_deleted(cache, next()).await;
    remembers_that_there_is_none(cache, next()).await;
    does_not_forget_a_creation(cache, next()).await;
    does_not_go_back_with_a_late_announcement(cache, next()).await;
    replaces_the_knowledge_that_there_is_none(cache, next()).await;
    is_right_after_many_at_once(cache, next()).await;
}

async fn get(cache: &dyn InvoiceCache, id: InvoiceId) -> CacheAnswer {
    cache.get(organization(1), id).await.expect(REACHABLE)
}

async fn offer(cache: &dyn InvoiceCache, id: InvoiceId, version: i64) -> Offer {
    let offered = cache.offer(organization(1), invoice(id, version)).await;
    offered.expect(REACHABLE)
}

async fn remembers_what_it_is_offered(cache: &dyn InvoiceCache, id: InvoiceId) {
    assert_eq!(get(cache, id).await, CacheAnswer::Miss);

    assert_eq!(offer(cache, id, 1).await, Offer::Accepted);

    assert_eq!(get(cache, id).await, CacheAnswer::Hit(invoice(id, 1)));
}

async fn keeps_organizations_apart(cache: &dyn InvoiceCache, id: InvoiceId) {
    offer(cache, id, 1).await;

    let other = cache.get(organization(2), id).await.expect(REACHABLE);

    assert_eq!(other, CacheAnswer::Miss);
}

async fn keeps_the_newest(cache: &dyn InvoiceCache, id: InvoiceId) {
    offer(cache, id, 3).await;

    assert_eq!(offer(cache, id, 2).await, Offer::Stale);

    assert_eq!(get(cache, id).await, CacheAnswer::Hit(invoice(id, 3)));
}

async fn does_not_resurrect_what_was_changed(cache: &dyn InvoiceCache, id: InvoiceId) {
    offer(cache, id, 1).await;
    cache.invalidate(organization(1), id, Version::new(2)).await;
    assert_eq!(get(cache, id).await, CacheAnswer::Miss);

    assert_eq!(offer(cache, id, 1).await, Offer::Stale);
    assert_eq!(get(cache, id).await, CacheAnswer::Miss);

    assert_eq!(offer(cache, id, 2).await, Offer::Accepted);
    cache.invalidate(organization(1), id, Version::new(2)).await;
    assert_eq!(get(cache, id).await, CacheAnswer::Hit(invoice(id, 2)));
}

async fn does_not_resurrect_what_was_deleted(cache: &dyn InvoiceCache, id: InvoiceId) {
    offer(cache, id, 1).await;
    cache.invalidate(organization(1), id, Version::new(2)).await;

    assert_eq!(offer(cache, id, 1).await, Offer::Stale);

    assert_ne!(get(cache, id).await, CacheAnswer::Hit(invoice(id, 1)));
}

async fn remembers_that_there_is_none(cache: &dyn InvoiceCache, id: InvoiceId) {
    let offered = cache
        .offer_absent(organization(1), id)
        .await
        .expect(REACHABLE);

    assert_eq!(offered, Offer::Accepted);
    assert_eq!(get(cache, id).await, CacheAnswer::Absent);
}

async fn does_not_forget_a_creation(cache: &dyn InvoiceCache, id: InvoiceId) {
    cache
        .offer_absent(organization(1), id)
        .await
        .expect(REACHABLE);
    cache.invalidate(organization(1), id, Version::FIRST).await;
    assert_eq!(get(cache, id).await, CacheAnswer::Miss);

    let late = cache
        .offer_absent(organization(1), id)
        .await
        .expect(REACHABLE);
    assert_eq!(late, Offer::Stale);

    assert_eq!(offer(cache, id, 1).await, Offer::Accepted);
    let later = cache
        .offer_absent(organization(1), id)
        .await
        .expect(REACHABLE);
    assert_eq!(later, Offer::Stale);
    assert_eq!(get(cache, id).await, CacheAnswer::Hit(invoice(id, 1)));
}

async fn does_not_go_back_with_a_late_announcement(cache: &dyn InvoiceCache, id: InvoiceId) {
    offer(cache, id, 1).await;
    cache.invalidate(organization(1), id, Version::new(3)).await;
    cache.invalidate(organization(1), id, Version::new(2)).await;

    assert_eq!(offer(cache, id, 2).await, Offer::Stale);

    assert_eq!(get(cache, id).await, CacheAnswer::Miss);
    assert_eq!(offer(cache, id, 3).await, Offer::Accepted);
}

async fn replaces_the_knowledge_that_there_is_none(cache: &dyn InvoiceCache, id: InvoiceId) {
    let absent = cache.offer_absent(organization(1), id).await;
    absent.expect(REACHABLE);

    assert_eq!(offer(cache, id, 1).await, Offer::Accepted);

    assert_eq!(get(cache, id).await, CacheAnswer::Hit(invoice(id, 1)));
}

/// Offers and announcements of versions 1 to 50 in a mixed order, all under way at the same time.
async fn is_right_after_many_at_once(cache: &dyn InvoiceCache, id: InvoiceId) {
    let shuffled = (0..50_i64).map(|turn| turn * 37 % 50 + 1);
    let changes = shuffled.map(|version| {
        let announced = cache.invalidate(organization(1), id, Version::new(version));
        let offered = offer(cache, id, 51 - version).map(drop);
        announced.then(|()| offered)
    });

    join_all(changes).await;

    match get(cache, id).await {
        CacheAnswer::Miss => assert_eq!(offer(cache, id, 50).await, Offer::Accepted),
        known => assert_eq!(known, CacheAnswer::Hit(invoice(id, 50))),
    }
    assert_eq!(offer(cache, id, 49).await, Offer::Stale);
}
