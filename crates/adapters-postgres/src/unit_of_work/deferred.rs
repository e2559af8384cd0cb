//! Writes that wait to be sent with others.

use deadpool_postgres::ClientWrapper;
use futures_util::future::join_all;
use tokio_postgres::{Error, types::ToSql};

use super::PgUnitOfWork;
use crate::database::{Prepared, ROW_BY_ROW, Sending};

/// A parameter that can wait for its statement to be sent.
pub(crate) type OwnedParam = Box<dyn ToSql + Sync + Send>;

/// Parameters as a statement that is sent at once takes them.
pub(crate) fn borrowed(params: &[OwnedParam]) -> Vec<&(dyn ToSql + Sync)> {
    let mut borrowed: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(params.len());
    for param in params {
        borrowed.push(param.as_ref());
    }
    borrowed
}

/// How many deferred writes travel together.
pub(super) const TOGETHER_MAX: usize = 25;

/// A write, and what it writes.
pub(crate) struct Deferred {
    pub(crate) sql: &'static str,
    pub(crate) params: Vec<OwnedParam>,
}

impl PgUnitOfWork {
    /// Lets what follows find its rows by their keys, by one plan for all values. Left to itself the server plans statements
    /// that take lists anew each time, since it takes a list that it does not know for a long one: a posting would be
    /// planned for longer than it runs.
    pub(crate) fn find_row_by_row(&mut self) {
        if !std::mem::replace(&mut self.is_row_by_row, true) {
            self.defer(&ROW_BY_ROW, Vec::new());
        }
    }

    /// Keeps a write, to be sent with what comes next. It must fail, not just write nothing, when it cannot be done.
    pub(crate) fn defer(&mut self, sql: &'static str, params: Vec<OwnedParam>) {
        self.deferred.push(Deferred { sql, params });
    }

    /// The same for a write that may join the last one that is kept: where that is the first of a pair, it becomes the second.
    pub(crate) fn defer_joined(
        &mut self,
        pairs: &[(&'static str, &'static str)],
        sql: &'static str,
        params: Vec<OwnedParam>,
    ) {
        let last = self.deferred.last_mut();
        let pair = last.and_then(|last| {
            let pair = pairs.iter().find(|(before, _)| *before == last.sql)?;
            Some((last, pair))
        });
        match pair {
            Some((last, (_, longer))) => {
                last.sql = longer;
                last.params.extend(params);
            }
            None => self.defer(sql, params),
        }
    }
}

/// The statements of some writes.
pub(super) fn texts(deferred: &[Deferred]) -> impl Iterator<Item = &'static str> {
    deferred.iter().map(|write| write.sql)
}

/// A write that only needs to be sent.
pub(super) struct PreparedWrite<'d> {
    statement: Prepared<'static>,
    params: &'d [OwnedParam],
}

/// Prepares what was not prepared before on this connection.
pub(super) async fn prepare<'d>(
    sending: &Sending,
    client: &ClientWrapper,
    deferred: &'d [Deferred],
) -> Result<Vec<PreparedWrite<'d>>, Error> {
    let mut prepared = Vec::with_capacity(deferred.len());
    for Deferred { sql, params } in deferred {
        let statement = sending.prepare(client, sql).await?;
        prepared.push(PreparedWrite { statement, params });
    }
    Ok(prepared)
}

/// Sends writes in their order, at most [`TOGETHER_MAX`] of them, and tells the first error.
pub(super) async fn run_all(
    writes: &[PreparedWrite<'_>],
    client: &ClientWrapper,
) -> Result<(), Error> {
    let written = join_all(writes.iter().map(|write| write.run(client))).await;
    written.into_iter().try_for_each(|rows| rows.map(drop))
}

impl PreparedWrite<'_> {
    async fn run(&self, client: &ClientWrapper) -> Result<u64, Error> {
        self.statement.execute(client, &borrowed(self.params)).await
    }
}
