//! A transaction that only adds, and does so by one statement: that is a transaction by itself.

use app::ports::{StorageError, Touched};
use tokio_postgres::Row;

use super::{Deferred, Params, PgUnitOfWork, Phase};
use crate::statement_spans::StatementSpans;

impl PgUnitOfWork {
    /// The same, opened by its first write and not by its first look.
    pub(crate) const fn that_only_adds(mut self) -> Self {
        self.only_adds = true;
        self
    }

    /// Whether nothing was written so far that a look would have to see.
    pub(super) fn looks_only(&self) -> bool {
        self.only_adds && self.phase == Phase::Unopened && self.deferred.is_empty()
    }

    /// A look outside of the transaction, which stays unopened if it succeeds.
    pub(super) async fn look(
        &mut self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<Vec<Row>, StorageError> {
        let sending = self.learn(self.sending.unknown([sql])).await?;
        let rows = self
            .within_deadline(StatementSpans::of([sql]), async |client| {
                let statement = sending.prepare(client, sql).await?;
                let asking = statement.query(client, params);
                sending.alone(client, asking).await
            })
            .await?;
        self.phase = Phase::Unopened;
        Ok(rows)
    }

    /// The only statement of a transaction that was never opened, and what it changes; the connection goes back to its
    /// pool. The transaction itself when it is more than that.
    pub(crate) fn into_lone_write(mut self) -> Result<(Deferred, Vec<Touched>), Box<Self>> {
        if !self.only_adds || self.phase != Phase::Unopened || self.deferred.len() != 1 {
            return Err(Box::new(self));
        }
        let touched = std::mem::take(&mut self.touched);
        self.deferred
            .pop()
            .map(|write| (write, touched))
            .ok_or_else(|| Box::new(self))
    }
}
