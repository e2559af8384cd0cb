//! What a store of postings is tried with.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use domain::{
    ids::{AccountId, EventId, TransferId},
    ledger::{
        Book, Folio, PostedTransfer, Standing, TransferAmount, TransferDetails, TransferKind,
        TransferOrder,
    },
};
use uuid::Uuid;

use crate::{
    ports::{
        BatchWritten, Fingerprint, IdempotencyKey, JournalLine, KeyScope, KeyedAnswer,
        PostingBatch, PostingStore, StandingChange,
    },
    testing::{NOW, ORGANIZATION, standing},
};

use super::REACHABLE;

/// The account that pays.
pub(super) const FROM: u128 = 1;
/// The one that is paid.
pub(super) const TO: u128 = 2;
/// One that is only looked at.
pub(super) const OTHER: u128 = 3;

/// A store, and ids for what is written to it.
pub(super) struct Stage<'s> {
    pub(super) store: &'s dyn PostingStore,
    ids: AtomicU64,
}

impl<'s> Stage<'s> {
    pub(super) fn on(store: &'s dyn PostingStore) -> Self {
        Self {
            store,
            ids: AtomicU64::new(1_000),
        }
    }

    pub(super) fn fresh_id(&self) -> Uuid {
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        Uuid::from_u64_pair(id, id)
    }

    pub(super) async fn page(&self, account: u128) -> Standing {
        self.page_at(folio(account)).await
    }

    pub(super) async fn page_at(&self, folio: Folio) -> Standing {
        let found = self.store.load(&[folio]).await.expect(REACHABLE);
        *found.first().expect("the page is there")
    }

    /// A batch with one transfer of 1, under a new key, on how the pages stand now.
    pub(super) async fn decided(&self) -> PostingBatch {
        let pages = [FROM, TO, OTHER].map(folio);
        self.decide(&self.store.load(&pages).await.expect(REACHABLE))
    }

    /// The same on how they are said to stand.
    pub(super) fn decide(&self, pages: &[Standing]) -> PostingBatch {
        let mut book = Book::new(pages.iter().copied());
        let order = self.order();
        let now = NOW.parse().expect("an instant");
        let posting = book.post(&order, now).expect("it can be paid");
        let changes = pages.iter().filter_map(|before| {
            let after = *book.standing(before.folio)?;
            (after != *before).then_some(StandingChange {
                before: *before,
                after,
            })
        });
        let mut changes: Vec<_> = changes.collect();
        changes.sort_by_key(|change| change.after.folio);
        let relied_on = pages.iter().filter(|page| page.folio == folio(OTHER));
        PostingBatch {
            lines: vec![JournalLine {
                event_id: EventId::from_uuid(self.fresh_id()),
                transfer: PostedTransfer::new(order, posting),
                cause: None,
            }],
            changes,
            relied_on: relied_on.copied().collect(),
            answers: vec![self.answer()],
            ..PostingBatch::default()
        }
    }

    fn order(&self) -> TransferOrder {
        TransferOrder {
            id: TransferId::from_uuid(self.fresh_id()),
            organization_id: ORGANIZATION,
            kind: TransferKind::Transfer,
            source: folio(FROM),
            destination: folio(TO),
            amount: TransferAmount::from_minor(1).expect("an amount"),
            currency: standing(0, 0).currency,
            details: TransferDetails::default(),
        }
    }

    fn answer(&self) -> KeyedAnswer {
        let id = self.fresh_id();
        KeyedAnswer {
            scope: KeyScope {
                organization_id: ORGANIZATION,
                key: IdempotencyKey::parse(&id.to_string()).expect("a key"),
            },
            fingerprint: Fingerprint([7; 32]),
            answer: id.as_bytes().to_vec(),
        }
    }

    pub(super) async fn write(&self, batch: &PostingBatch) -> BatchWritten {
        self.store.write(batch).await.expect(REACHABLE)
    }

    /// Locks all pages, and writes what is decided on them.
    pub(super) async fn write_locked(
        &self,
        decide: impl Fn(Vec<Standing>) -> Option<PostingBatch> + Send + Sync,
    ) -> BatchWritten {
        let pages = [FROM, TO, OTHER].map(folio);
        let mut decide = |found: Vec<Standing>| decide(found).map(Arc::new);
        let written = self.store.write_locked(&pages, &mut decide).await;
        written.expect(REACHABLE)
    }

    /// What was answered under the keys of a batch.
    pub(super) async fn answers(&self, batch: &PostingBatch) -> Vec<KeyedAnswer> {
        let keys: Vec<_> = batch.answers.iter().map(|it| it.scope.clone()).collect();
        self.store.answers(&keys).await.expect(REACHABLE)
    }
}

/// The page of an account.
pub(super) fn folio(account: u128) -> Folio {
    Folio::whole(AccountId::from_uuid(Uuid::from_u128(account)))
}
