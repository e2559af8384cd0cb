//! Transfers of a bigger use case that are decided one after the other, each for itself, and written together.

use domain::ledger::{Book, PostedTransfer, Rejection, Standing, TransferOrder};

use super::{
    TransferRequest,
    post_within::{Postings, lock, standings_batch},
};
use crate::{
    ports::{JournalLine, PostingBatch, StorageError, UnitOfWork},
    traces::TraceContext,
};

/// A book of all accounts that some transfers would touch, in somebody else's transaction.
pub(crate) struct BookWithin<'a> {
    postings: Postings<'a>,
    before: Vec<Standing>,
    book: Book,
    lines: Vec<JournalLine>,
}

impl<'a> BookWithin<'a> {
    /// Opens a book for these transfers, and gives their orders. Their accounts stay locked until the transaction ends.
    pub(crate) async fn open(
        requests: &[TransferRequest],
        postings: Postings<'a>,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(Self, Vec<TransferOrder>), StorageError> {
        let orders = postings.orders(requests, uow).await?;
        let sides = orders
            .iter()
            .flat_map(|order| [order.source, order.destination]);
        let before = if orders.is_empty() {
            Vec::new()
        } else {
            lock(sides, uow).await?
        };
        let book = Self {
            postings,
            book: Book::new(before.iter().copied()),
            before,
            lines: Vec::new(),
        };
        Ok((book, orders))
    }

    /// Posts one of the transfers for what has caused it, or says why not; then nothing has changed.
    pub(crate) fn post(
        &mut self,
        order: TransferOrder,
        cause: Option<TraceContext>,
    ) -> Result<PostedTransfer, Rejection> {
        let posting = self.book.post(&order, self.postings.now)?;
        let posted = PostedTransfer::new(order, posting);
        self.lines.push(self.postings.line(posted.clone(), cause));
        Ok(posted)
    }

    /// Writes what was posted.
    pub(crate) async fn write(self, uow: &mut dyn UnitOfWork) -> Result<(), StorageError> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let batch = PostingBatch {
            lines: self.lines,
            ..standings_batch(&self.before, &self.book)
        };
        uow.journal().write(batch).await
    }
}
