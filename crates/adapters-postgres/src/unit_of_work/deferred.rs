//! Writes that wait to be sent with others.

use std::future::Future;

use deadpool_postgres::ClientWrapper;
use futures_util::future::join_all;
use tokio_postgres::{Error, Statement, types::ToSql};

use super::PgUnitOfWork;

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
    pub(super) sql: &'static str,
    pub(super) params: Vec<OwnedParam>,
}

impl PgUnitOfWork {
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

/// A write that only needs to be sent.
pub(super) struct Prepared<'d> {
    statement: Statement,
    params: &'d [OwnedParam],
}

/// Prepares what was not prepared before on this connection.
pub(super) async fn prepare<'d>(
    client: &ClientWrapper,
    deferred: &'d [Deferred],
) -> Result<Vec<Prepared<'d>>, Error> {
    let mut prepared = Vec::with_capacity(deferred.len());
    for Deferred { sql, params } in deferred {
        let statement = client.prepare_cached(sql).await?;
        prepared.push(Prepared { statement, params });
    }
    Ok(prepared)
}

/// Sends writes in their order, at most [`TOGETHER_MAX`] of them, and tells the first error.
pub(super) async fn run_all(writes: &[Prepared<'_>], client: &ClientWrapper) -> Result<(), Error> {
    let written = join_all(writes.iter().map(|write| write.run(client))).await;
    written.into_iter().try_for_each(|rows| rows.map(drop))
}

impl Prepared<'_> {
    fn run<'c>(
        &'c self,
        client: &'c ClientWrapper,
    ) -> impl Future<Output = Result<u64, Error>> + Send + 'c {
        let params = self.params.iter().map(|param| {
            let param: &(dyn ToSql + Sync) = param.as_ref();
            param
        });
        client.execute_raw(&self.statement, params.collect::<Vec<_>>())
    }
}
