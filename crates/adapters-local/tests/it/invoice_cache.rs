//! Invoices remembered in one process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use adapters_local::{CacheLimits, LocalInvoiceCache, UuidV7Generator};
use app::{
    invoicing::{CachedInvoiceQueries, InvoiceView},
    ports::{CacheAnswer, IdGenerator, InvoiceQueries, MockInvoiceQueries, Offer, VersionedCache},
    testing::{contracts::hold_invoice_cache_to_its_contract, draft_contents},
};
use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::Invoice,
    version::Version,
};
use jiff::Timestamp;
use uuid::Uuid;

const ORGANIZATION: OrganizationId = OrganizationId::from_uuid(Uuid::nil());

fn view(id: InvoiceId, version: i64) -> Arc<InvoiceView> {
    let now = Timestamp::UNIX_EPOCH;
    let drafted = Invoice::draft(id, ORGANIZATION, draft_contents(), now);
    let mut view = InvoiceView::from(drafted.unwrap().facts());
    view.entry.version = version;
    Arc::new(view)
}

#[tokio::test]
async fn the_contract_holds() {
    let cache = LocalInvoiceCache::new(CacheLimits::default());

    hold_invoice_cache_to_its_contract(&cache, || UuidV7Generator.new_id()).await;
}

#[tokio::test]
async fn memory_stays_within_its_capacity() {
    let capacity_bytes = 4 * 1024 * 1024;
    let cache = LocalInvoiceCache::new(CacheLimits {
        capacity_bytes,
        ..CacheLimits::default()
    });

    for _ in 0..20_000 {
        let id = InvoiceId::from_uuid(UuidV7Generator.new_id());
        let key = (ORGANIZATION, id);
        cache.offer(&key, view(id, 1)).await.unwrap();
        cache.invalidate(&key, Version::FIRST).await;
    }

    // The merged floors come on top: at most 40 bytes × 1,024 × 16.
    let used = cache.weight_bytes();
    assert!(used <= capacity_bytes + 655_360, "{used}");
    assert!(used >= capacity_bytes / 2, "{used}");
}

/// Once for all who ask, until it is forgotten that there is none.
#[tokio::test]
async fn a_deleted_invoice_is_looked_for_once() {
    let cache = Arc::new(LocalInvoiceCache::new(CacheLimits::default()));
    let id = InvoiceId::from_uuid(UuidV7Generator.new_id());
    cache.offer(&(ORGANIZATION, id), view(id, 1)).await.unwrap();
    cache.invalidate(&(ORGANIZATION, id), Version::new(2)).await;
    let mut storage = MockInvoiceQueries::new();
    storage.expect_find().once().returning(|_, _| Ok(None));
    let queries = CachedInvoiceQueries::new(Arc::new(storage), cache);

    for _ in 0..5 {
        assert_eq!(queries.find(ORGANIZATION, id).await.unwrap(), None);
    }
}

/// Writers raise a version and announce it; readers read what is "stored", dawdle, and offer it; watchers must never see
/// anything older than what was announced before they asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn slow_readers_never_bring_an_old_invoice_back() {
    let cache = Arc::new(LocalInvoiceCache::new(CacheLimits::default()));
    let id = InvoiceId::from_uuid(UuidV7Generator.new_id());
    let key = (ORGANIZATION, id);
    let stored = Arc::new(AtomicI64::new(1));
    let announced = Arc::new(AtomicI64::new(0));
    let writer = tokio::spawn({
        let (cache, stored, announced) = (cache.clone(), stored.clone(), announced.clone());
        async move {
            for version in 2..=3_000 {
                stored.store(version, Ordering::SeqCst);
                let reached = Version::new(version);
                cache.invalidate(&key, reached).await;
                announced.store(version, Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
        }
    });

    let readers: Vec<_> = (0..8)
        .map(|_| {
            let (cache, stored, announced) = (cache.clone(), stored.clone(), announced.clone());
            tokio::spawn(async move {
                while announced.load(Ordering::SeqCst) < 3_000 {
                    let floor = announced.load(Ordering::SeqCst);
                    if let CacheAnswer::Hit(seen) = cache.get(&key).await.unwrap() {
                        assert!(seen.entry.version >= floor);
                    }
                    let read = view(id, stored.load(Ordering::SeqCst));
                    tokio::task::yield_now().await;
                    cache.offer(&key, read).await.unwrap();
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();

    writer.await.unwrap();
    for reader in readers {
        reader.await.unwrap();
    }
}

/// Whoever has read before a change and dawdles for longer than things are remembered.
#[tokio::test]
async fn a_short_time_to_live_lets_no_slow_reader_put_back_what_is_old() {
    let ttl = Duration::from_millis(20);
    let cache = LocalInvoiceCache::new(CacheLimits {
        ttl,
        ..CacheLimits::default()
    });
    let [changed, other] = [1, 2].map(|n| InvoiceId::from_uuid(Uuid::from_u128(n)));
    cache
        .invalidate(&(ORGANIZATION, changed), Version::new(2))
        .await;
    cache
        .offer(&(ORGANIZATION, other), view(other, 1))
        .await
        .unwrap();
    while cache.get(&(ORGANIZATION, other)).await.unwrap() != CacheAnswer::Miss {
        tokio::time::sleep(ttl / 4).await;
    }

    let offered = cache
        .offer(&(ORGANIZATION, changed), view(changed, 1))
        .await;

    assert_eq!(offered.unwrap(), Offer::Stale);
}
