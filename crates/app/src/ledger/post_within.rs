//! Posting inside a bigger use case: transfers that stand or fall with other rows. The same decision and the same write as
//! the posting engine's, in the transaction of somebody else.

use domain::{
    ids::{AccountId, EventId, OrganizationId, TransferId},
    ledger::{Book, Folio, PostedTransfer, Rejection, Standing, TransferOrder},
    values::Currency,
};
use jiff::Timestamp;

use super::{Party, TransferRequest};
use crate::ports::{
    IdGenerator, JournalLine, PostingBatch, StandingChange, StorageError, SystemAccountOf,
    UnitOfWork,
};

/// Why transfers were not posted: nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PostWithinError {
    /// One of them cannot be posted.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What transfers are posted with.
#[derive(Clone, Copy)]
pub struct Postings<'a> {
    /// Whose accounts they have to be.
    pub organization_id: OrganizationId,
    /// When.
    pub now: Timestamp,
    /// Makes the ids.
    pub ids: &'a dyn IdGenerator,
}

/// Posts all of these transfers, or none. The accounts stay locked until the transaction ends.
pub async fn post_within(
    requests: &[TransferRequest],
    postings: Postings<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<Vec<PostedTransfer>, PostWithinError> {
    let mut orders = Vec::with_capacity(requests.len());
    for request in requests {
        let source = postings
            .folio(&request.source, request.currency, uow)
            .await?;
        let destination = postings
            .folio(&request.destination, request.currency, uow)
            .await?;
        let id = TransferId::from_uuid(postings.ids.new_id());
        orders.push(request.order(id, postings.organization_id, [source, destination]));
    }
    let sides = orders
        .iter()
        .flat_map(|order| [order.source, order.destination]);
    let before = lock(sides, uow).await?;
    let mut book = Book::new(before.iter().copied());
    let posted = postings.post(orders, &mut book)?;
    let batch = postings.batch(posted.clone(), &before, &book);
    uow.journal().write(batch).await?;
    Ok(posted)
}

impl Postings<'_> {
    async fn folio(
        &self,
        party: &Party,
        currency: Currency,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Folio, StorageError> {
        match party {
            Party::Account(id) => Ok(Folio::whole(*id)),
            Party::System(system) => {
                let account = SystemAccountOf::new(self.organization_id, system.clone(), currency);
                let fresh = AccountId::from_uuid(self.ids.new_id());
                uow.journal().system_folio(&account, fresh).await
            }
        }
    }

    fn post(
        &self,
        orders: Vec<TransferOrder>,
        book: &mut Book,
    ) -> Result<Vec<PostedTransfer>, Rejection> {
        let post = |order| {
            let posting = book.post(&order, self.now)?;
            Ok(PostedTransfer::new(order, posting))
        };
        orders.into_iter().map(post).collect()
    }

    /// What was decided in a book of standings that were like this before.
    pub(super) fn batch(
        &self,
        posted: Vec<PostedTransfer>,
        before: &[Standing],
        book: &Book,
    ) -> PostingBatch {
        let line = |transfer| JournalLine {
            event_id: EventId::from_uuid(self.ids.new_id()),
            transfer,
        };
        let change = |before: &Standing| {
            let after = *book.standing(before.folio)?;
            let before = before.version;
            (after.version != before).then_some(StandingChange { before, after })
        };
        PostingBatch {
            lines: posted.into_iter().map(line).collect(),
            changes: before.iter().filter_map(change).collect(),
            ..PostingBatch::default()
        }
    }
}

/// How pages stand, locked until the transaction ends.
pub(super) async fn lock(
    folios: impl Iterator<Item = Folio> + Send,
    uow: &mut dyn UnitOfWork,
) -> Result<Vec<Standing>, StorageError> {
    let mut folios: Vec<_> = folios.collect();
    folios.sort_unstable();
    folios.dedup();
    uow.journal().lock(&folios).await
}
