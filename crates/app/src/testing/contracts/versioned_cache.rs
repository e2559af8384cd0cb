//! The contract of [`VersionedCache`].

use std::{fmt::Debug, sync::Arc};

use domain::{
    ids::{AccountId, InvoiceId, OrganizationId, UserId},
    invoicing::Invoice,
    version::Version,
    wallets::UserFacts,
};
use futures_util::{FutureExt, future::join_all};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    invoicing::InvoiceView,
    ports::{CacheAnswer, InvoiceCache, Offer, UserCache, VersionedCache},
    testing::{draft_contents, stored_user},
};

const REACHABLE: &str = "the cache is reachable";

fn organization(number: u128) -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(number))
}

/// Panics with what an adapter does not do. Its entries MUST start out empty for the ids made by `new_id`.
pub async fn hold_invoice_cache_to_its_contract(
    cache: &InvoiceCache,
    new_id: impl FnMut() -> Uuid,
) {
    let id_of = InvoiceId::from_uuid;
    let suite = Suite {
        cache,
        id_of,
        value_of: invoice,
    };
    suite.run(new_id).await;
}

/// Panics with what an adapter does not do. Its entries MUST start out empty for the ids made by `new_id`.
pub async fn hold_user_cache_to_its_contract(cache: &UserCache, new_id: impl FnMut() -> Uuid) {
    let id_of = UserId::from_uuid;
    let suite = Suite {
        cache,
        id_of,
        value_of: user,
    };
    suite.run(new_id).await;
}

fn invoice(id: InvoiceId, version: i64) -> InvoiceView {
    let now = Timestamp::UNIX_EPOCH;
    let drafted = Invoice::draft(id, organization(1), draft_contents(), now);
    let mut view = InvoiceView::from(drafted.expect("a valid draft").facts());
    view.entry.version = version;
    view
}

fn user(id: UserId, version: i64) -> UserFacts {
    let ada = stored_user("Ada1815", AccountId::from_uuid(Uuid::from_u128(1)));
    UserFacts {
        id,
        organization_id: organization(1),
        version: Version::new(version),
        ..ada.facts().clone()
    }
}

fn announced<V>(version: i64) -> CacheAnswer<V> {
    CacheAnswer::Announced(Version::new(version))
}

/// Things of one kind, of organization 1.
struct Suite<'a, I, V> {
    cache: &'a dyn VersionedCache<(OrganizationId, I), V>,
    id_of: fn(Uuid) -> I,
    value_of: fn(I, i64) -> V,
}

impl<I, V> Suite<'_, I, V>
where
    I: Copy + Send + Sync + 'static,
    V: Debug + PartialEq + Send + Sync + 'static,
{
    async fn run(&self, mut new_id: impl FnMut() -> Uuid) {
        let mut next = || (self.id_of)(new_id());
        self.remembers_what_it_is_offered(next()).await;
        self.keeps_organizations_apart(next()).await;
        self.keeps_the_newest(next()).await;
        self.does_not_resurrect_what_was_changed(next()).await;
        self.does_not_resurrect_what_was_deleted(next()).await;
        self.remembers_that_there_is_none(next()).await;
        self.remembers_that_there_is_none_any_more(next()).await;
        self.does_not_take_a_change_for_a_deletion(next()).await;
        self.does_not_forget_a_creation(next()).await;
        self.does_not_go_back_with_a_late_announcement(next()).await;
        self.replaces_the_knowledge_that_there_is_none(next()).await;
        self.is_right_after_many_at_once(next()).await;
    }

    async fn get(&self, id: I) -> CacheAnswer<V> {
        self.cache
            .get(&(organization(1), id))
            .await
            .expect(REACHABLE)
    }

    async fn offer(&self, id: I, version: i64) -> Offer {
        let value = Arc::new((self.value_of)(id, version));
        let offered = self.cache.offer(&(organization(1), id), value).await;
        offered.expect(REACHABLE)
    }

    async fn offer_absent(&self, id: I, announced: Option<i64>) -> Offer {
        let (key, announced) = ((organization(1), id), announced.map(Version::new));
        let offered = self.cache.offer_absent(&key, announced).await;
        offered.expect(REACHABLE)
    }

    async fn invalidate(&self, id: I, version: i64) {
        let version = Version::new(version);
        self.cache.invalidate(&(organization(1), id), version).await;
    }

    fn hit(&self, id: I, version: i64) -> CacheAnswer<V> {
        CacheAnswer::Hit(Arc::new((self.value_of)(id, version)))
    }

    async fn remembers_what_it_is_offered(&self, id: I) {
        assert_eq!(self.get(id).await, CacheAnswer::Miss);

        assert_eq!(self.offer(id, 1).await, Offer::Accepted);

        assert_eq!(self.get(id).await, self.hit(id, 1));
    }

    async fn keeps_organizations_apart(&self, id: I) {
        self.offer(id, 1).await;

        let other = self
            .cache
            .get(&(organization(2), id))
            .await
            .expect(REACHABLE);

        assert_eq!(other, CacheAnswer::Miss);
    }

    async fn keeps_the_newest(&self, id: I) {
        self.offer(id, 3).await;

        assert_eq!(self.offer(id, 2).await, Offer::Stale);

        assert_eq!(self.get(id).await, self.hit(id, 3));
    }

    async fn does_not_resurrect_what_was_changed(&self, id: I) {
        self.offer(id, 1).await;
        self.invalidate(id, 2).await;
        assert_eq!(self.get(id).await, announced(2));

        assert_eq!(self.offer(id, 1).await, Offer::Stale);
        assert_eq!(self.get(id).await, announced(2));

        assert_eq!(self.offer(id, 2).await, Offer::Accepted);
        self.invalidate(id, 2).await;
        assert_eq!(self.get(id).await, self.hit(id, 2));
    }

    async fn does_not_resurrect_what_was_deleted(&self, id: I) {
        self.offer(id, 1).await;
        self.invalidate(id, 2).await;

        assert_eq!(self.offer(id, 1).await, Offer::Stale);

        assert_ne!(self.get(id).await, self.hit(id, 1));
    }

    async fn remembers_that_there_is_none(&self, id: I) {
        let offered = self.offer_absent(id, None).await;

        assert_eq!(offered, Offer::Accepted);
        assert_eq!(self.get(id).await, CacheAnswer::Absent);
    }

    async fn remembers_that_there_is_none_any_more(&self, id: I) {
        self.offer(id, 1).await;
        self.invalidate(id, 2).await;
        assert_eq!(self.get(id).await, announced(2));

        assert_eq!(self.offer_absent(id, Some(2)).await, Offer::Accepted);

        assert_eq!(self.get(id).await, CacheAnswer::Absent);
        assert_eq!(self.offer(id, 1).await, Offer::Stale);
        assert_eq!(self.get(id).await, CacheAnswer::Absent);
    }

    async fn does_not_take_a_change_for_a_deletion(&self, id: I) {
        self.invalidate(id, 2).await;
        self.invalidate(id, 3).await;
        for before in [None, Some(2), Some(4)] {
            assert_eq!(self.offer_absent(id, before).await, Offer::Stale);
        }
        assert_eq!(self.get(id).await, announced(3));

        assert_eq!(self.offer_absent(id, Some(3)).await, Offer::Accepted);
        self.invalidate(id, 1).await;
        assert_eq!(self.get(id).await, announced(3));

        assert_eq!(self.offer(id, 3).await, Offer::Accepted);
        assert_eq!(self.offer_absent(id, Some(3)).await, Offer::Stale);
        assert_eq!(self.get(id).await, self.hit(id, 3));
    }

    async fn does_not_forget_a_creation(&self, id: I) {
        self.offer_absent(id, None).await;
        self.invalidate(id, 1).await;
        assert_eq!(self.get(id).await, announced(1));

        let late = self.offer_absent(id, None).await;
        assert_eq!(late, Offer::Stale);

        assert_eq!(self.offer(id, 1).await, Offer::Accepted);
        let later = self.offer_absent(id, None).await;
        assert_eq!(later, Offer::Stale);
        assert_eq!(self.get(id).await, self.hit(id, 1));
    }

    async fn does_not_go_back_with_a_late_announcement(&self, id: I) {
        self.offer(id, 1).await;
        self.invalidate(id, 3).await;
        self.invalidate(id, 2).await;

        assert_eq!(self.offer(id, 2).await, Offer::Stale);

        assert_eq!(self.get(id).await, announced(3));
        assert_eq!(self.offer(id, 3).await, Offer::Accepted);
    }

    async fn replaces_the_knowledge_that_there_is_none(&self, id: I) {
        self.offer_absent(id, None).await;

        assert_eq!(self.offer(id, 1).await, Offer::Accepted);

        assert_eq!(self.get(id).await, self.hit(id, 1));
    }

    /// Offers and announcements of versions 1 to 50 in a mixed order, all under way at the same time.
    async fn is_right_after_many_at_once(&self, id: I) {
        let shuffled = (0..50_i64).map(|turn| turn * 37 % 50 + 1);
        let changes = shuffled.map(|version| {
            let announced = self.invalidate(id, version);
            let offered = self.offer(id, 51 - version).map(drop);
            announced.then(|()| offered)
        });

        join_all(changes).await;

        match self.get(id).await {
            CacheAnswer::Announced(last) => {
                assert_eq!(last, Version::new(50));
                assert_eq!(self.offer(id, 50).await, Offer::Accepted);
            }
            known => assert_eq!(known, self.hit(id, 50)),
        }
        assert_eq!(self.offer(id, 49).await, Offer::Stale);
    }
}
