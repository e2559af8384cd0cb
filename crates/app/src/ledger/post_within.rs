//! Posting inside a bigger use case: transfers that stand or fall with other rows. The same decision and the same write as
//! the posting engine's, in the transaction of somebody else.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    ids::{AccountId, EventId, OrganizationId, TransferId},
    ledger::{Book, Folio, PostedTransfer, Rejection, Shard, Standing, TransferOrder},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Party, TransferRequest};
use crate::{
    ports::{
        IdGenerator, JournalLine, PostingBatch, StandingChange, StorageError, SystemAccountOf,
        UnitOfWork,
    },
    traces::{self, TraceContext},
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
    let orders = postings.orders(requests, uow).await?;
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

/// The pages that the system accounts of a transaction are written on: one of each.
type SystemFolios = BTreeMap<SystemAccountOf, Folio>;

impl Postings<'_> {
    /// The same order on any pages of the system accounts in it.
    pub(super) fn on_any_pages(&self, order: TransferOrder) -> TransferOrder {
        let page = |folio: Folio| {
            if folio.is_whole() {
                folio
            } else {
                any_page(folio.account_id, self.ids.new_id())
            }
        };
        TransferOrder {
            source: page(order.source),
            destination: page(order.destination),
            ..order
        }
    }

    pub(super) async fn orders(
        &self,
        requests: &[TransferRequest],
        uow: &mut dyn UnitOfWork,
    ) -> Result<Vec<TransferOrder>, StorageError> {
        let systems = self.system_folios(requests, uow).await?;
        let folio = |party: &Party, currency| match party {
            Party::Account(id) => Some(Folio::whole(*id)),
            Party::System(system) => {
                let account = SystemAccountOf::new(self.organization_id, system.clone(), currency);
                systems.get(&account).copied()
            }
        };
        let order = |request: &TransferRequest| {
            let source = folio(&request.source, request.currency)?;
            let destination = folio(&request.destination, request.currency)?;
            let id = TransferId::from_uuid(self.ids.new_id());
            Some(request.order(id, self.organization_id, [source, destination]))
        };
        let orders: Option<Vec<_>> = requests.iter().map(order).collect();
        orders.ok_or_else(|| StorageError::Unavailable("a system account was not told".into()))
    }

    /// Looks all of them up at once.
    async fn system_folios(
        &self,
        requests: &[TransferRequest],
        uow: &mut dyn UnitOfWork,
    ) -> Result<SystemFolios, StorageError> {
        let systems_of = |request: &TransferRequest| request.systems(self.organization_id);
        let wanted: BTreeSet<_> = requests.iter().flat_map(systems_of).collect();
        if wanted.is_empty() {
            return Ok(SystemFolios::new());
        }
        let fresh = |account| (account, AccountId::from_uuid(self.ids.new_id()));
        let wanted: Vec<_> = wanted.into_iter().map(fresh).collect();
        let found = uow.journal().system_accounts(&wanted).await?;
        let folio =
            |((account, fresh), id): ((_, AccountId), _)| (account, any_page(id, fresh.as_uuid()));
        Ok(wanted.into_iter().zip(found).map(folio).collect())
    }

    pub(super) fn post(
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
        let line = |transfer| self.line(transfer, traces::current());
        PostingBatch {
            lines: posted.into_iter().map(line).collect(),
            ..standings_batch(before, book)
        }
    }

    pub(super) fn line(
        &self,
        transfer: PostedTransfer,
        cause: Option<TraceContext>,
    ) -> JournalLine {
        JournalLine {
            event_id: EventId::from_uuid(self.ids.new_id()),
            transfer,
            cause,
        }
    }
}

/// Any page of a system account: the end of a fresh id is as random as a number gets.
fn any_page(account_id: AccountId, fresh: Uuid) -> Folio {
    let (_, random) = fresh.as_u64_pair();
    Folio {
        account_id,
        shard: Shard::any(random),
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

/// What was reserved or let go in a book of standings that were like this before.
pub(super) fn standings_batch(before: &[Standing], book: &Book) -> PostingBatch {
    let change = |&before: &Standing| {
        let after = *book.standing(before.folio)?;
        (after.version != before.version).then_some(StandingChange { before, after })
    };
    PostingBatch {
        changes: before.iter().filter_map(change).collect(),
        ..PostingBatch::default()
    }
}

#[cfg(test)]
mod tests;
