//! One open `PostgreSQL` transaction.
//!
//! It opens with its first read and saves round trips where that cannot change what happens: `BEGIN` travels with the
//! first read, and writes whose outcome nobody asks for travel together, with the next read or with `COMMIT`. A statement
//! that fails aborts the transaction on the server, so a `COMMIT` behind it commits nothing, and its error is seen here.

use std::{future::Future, time::Duration};

use app::ports::{
    ApiKeyRepository, CustomerRepository, IdempotencyKeys, InvoiceNumbers, InvoiceRepository,
    OrganizationRepository, Outbox, StorageError, Touched, UnitOfWork,
};
use deadpool_postgres::Object;
use futures_util::{
    FutureExt,
    future::{join, join_all, join3},
};
use jiff::Timestamp;
use tokio_postgres::{Row, types::ToSql};

use crate::error::{is_lost_race, storage_error, unavailable};

/// A parameter that can wait for its statement to be sent.
pub(crate) type OwnedParam = Box<dyn ToSql + Sync + Send>;

type Params<'p> = &'p [&'p (dyn ToSql + Sync)];

/// What every transaction of a transactor shares.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// How long a round trip may take.
    pub(crate) deadline: Duration,
    /// Since when answers to idempotent requests are kept.
    pub(crate) answers_kept_since: Timestamp,
    /// When the transaction was opened, by the service's clock.
    pub(crate) now: Timestamp,
}

/// How many deferred writes travel together.
const TOGETHER_MAX: usize = 25;

struct Deferred {
    sql: &'static str,
    params: Vec<OwnedParam>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Unopened,
    Open,
    Closed,
}

/// A transaction. The ports are implemented on it, one file each, under their bounded context.
pub(crate) struct PgUnitOfWork {
    /// `None` once the connection was given up, so that nobody gets it again.
    client: Option<Object>,
    begin: &'static str,
    phase: Phase,
    deferred: Vec<Deferred>,
    touched: Vec<Touched>,
    lost_race: bool,
    terms: Terms,
}

impl PgUnitOfWork {
    /// A transaction that opens with its first statement.
    pub(crate) fn new(client: Object, begin: &'static str, terms: Terms) -> Self {
        Self {
            client: Some(client),
            begin,
            phase: Phase::Unopened,
            deferred: Vec::new(),
            touched: Vec::new(),
            lost_race: false,
            terms,
        }
    }

    /// Whether a statement has failed because a concurrent writer won.
    pub(crate) const fn lost_race(&self) -> bool {
        self.lost_race
    }

    pub(crate) const fn terms(&self) -> Terms {
        self.terms
    }

    /// Notes what the transaction changes.
    pub(crate) fn touch(&mut self, touched: Touched) {
        self.touched.push(touched);
    }

    /// Sends what is deferred and then a query.
    pub(crate) async fn query(
        &mut self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<Vec<Row>, StorageError> {
        let deferred = self.take_deferred().await?;
        let begin = (self.phase == Phase::Unopened).then_some(self.begin);
        self.phase = Phase::Open;
        let rows = self
            .within_deadline(async |client| {
                let writes = prepare(client, &deferred).await?;
                let statement = client.prepare_cached(sql).await?;
                let opening = async {
                    match begin {
                        Some(begin) => client.batch_execute(begin).await,
                        None => Ok(()),
                    }
                };
                let writing = join_all(writes.iter().map(|write| write.run(client)));
                let asking = client.query(&statement, params);
                let (opened, written, rows) = join3(opening, writing, asking).await;
                opened?;
                written.into_iter().collect::<Result<Vec<_>, _>>()?;
                rows
            })
            .await?;
        Ok(rows)
    }

    /// Like [`Self::query`], for at most one row.
    pub(crate) async fn query_opt(
        &mut self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<Option<Row>, StorageError> {
        self.query(sql, params)
            .await
            .map(|rows| rows.into_iter().next())
    }

    /// Sends a write, and tells how many rows it has written. It must not be the first statement unless it stands for
    /// itself: it waits until the transaction is surely open.
    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<u64, StorageError> {
        self.open().await?;
        let deferred = self.take_deferred().await?;
        self.within_deadline(async |client| {
            let writes = prepare(client, &deferred).await?;
            let statement = client.prepare_cached(sql).await?;
            let writing = join_all(writes.iter().map(|write| write.run(client)));
            let (written, count) = join(writing, client.execute(&statement, params)).await;
            written.into_iter().collect::<Result<Vec<_>, _>>()?;
            count
        })
        .await
    }

    /// Keeps a write, to be sent with what comes next. It must fail, not just write nothing, when it cannot be done.
    pub(crate) fn defer(&mut self, sql: &'static str, params: Vec<OwnedParam>) {
        self.deferred.push(Deferred { sql, params });
    }

    /// Sends what is deferred together with `COMMIT`, and tells what was changed.
    pub(crate) async fn commit(mut self) -> Result<Result<Vec<Touched>, LostRace>, StorageError> {
        let deferred = match self.take_deferred().await {
            Err(_) if self.lost_race => return Ok(Err(LostRace)),
            taken => taken?,
        };
        if self.phase == Phase::Unopened {
            return Ok(Ok(Vec::new()));
        }
        let committed = self
            .within_deadline(async |client| {
                let writes = prepare(client, &deferred).await?;
                let writing = join_all(writes.iter().map(|write| write.run(client)));
                let (written, committed) = join(writing, client.batch_execute("COMMIT")).await;
                written.into_iter().collect::<Result<Vec<_>, _>>()?;
                committed
            })
            .await;
        self.phase = Phase::Closed;
        match committed {
            Ok(()) => Ok(Ok(std::mem::take(&mut self.touched))),
            Err(_) if self.lost_race => Ok(Err(LostRace)),
            Err(error) => Err(error),
        }
    }

    /// Undoes everything. One that fails has lost its connection, and the server undoes the writes by itself.
    pub(crate) async fn roll_back(mut self) {
        if self.phase == Phase::Open {
            let _undone_either_way = self
                .within_deadline(async |client| client.batch_execute("ROLLBACK").await)
                .await;
        }
        self.phase = Phase::Closed;
    }

    /// Takes what is to travel with the next statement. More than fit one journey are sent before it.
    ///
    /// What travels together is sent in the order it is first polled in, and that is only certain for so many.
    async fn take_deferred(&mut self) -> Result<Vec<Deferred>, StorageError> {
        let mut waiting = std::mem::take(&mut self.deferred);
        if !waiting.is_empty() {
            self.open().await?;
        }
        while waiting.len() > TOGETHER_MAX {
            let rest = waiting.split_off(TOGETHER_MAX);
            let first = std::mem::replace(&mut waiting, rest);
            self.within_deadline(async |client| {
                let writes = prepare(client, &first).await?;
                let written = join_all(writes.iter().map(|write| write.run(client))).await;
                written.into_iter().collect::<Result<Vec<_>, _>>()
            })
            .await?;
        }
        Ok(waiting)
    }

    async fn open(&mut self) -> Result<(), StorageError> {
        if self.phase == Phase::Unopened {
            let begin = self.begin;
            self.phase = Phase::Open;
            self.within_deadline(async |client| client.batch_execute(begin).await)
                .await?;
        }
        Ok(())
    }

    async fn within_deadline<T>(
        &mut self,
        work: impl AsyncFnOnce(&deadpool_postgres::ClientWrapper) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, StorageError> {
        let Some(client) = self.client.as_ref() else {
            return Err(unavailable("the connection was given up"));
        };
        let Ok(done) = tokio::time::timeout(self.terms.deadline, work(client)).await else {
            // Whatever state it is in, nobody may get this connection again.
            if let Some(client) = self.client.take() {
                drop(Object::take(client));
            }
            return Err(unavailable("PostgreSQL did not answer in time"));
        };
        done.map_err(|error| {
            self.lost_race |= is_lost_race(&error);
            storage_error(error)
        })
    }
}

/// The transaction was undone because a concurrent writer won.
pub(crate) struct LostRace;

struct Prepared<'d> {
    statement: tokio_postgres::Statement,
    params: &'d [OwnedParam],
}

impl Prepared<'_> {
    fn run<'c>(
        &'c self,
        client: &'c deadpool_postgres::ClientWrapper,
    ) -> impl Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'c {
        let params = self.params.iter().map(|param| {
            let param: &(dyn ToSql + Sync) = param.as_ref();
            param
        });
        client.execute_raw(&self.statement, params.collect::<Vec<_>>())
    }
}

async fn prepare<'d>(
    client: &deadpool_postgres::ClientWrapper,
    deferred: &'d [Deferred],
) -> Result<Vec<Prepared<'d>>, tokio_postgres::Error> {
    let mut prepared = Vec::with_capacity(deferred.len());
    for Deferred { sql, params } in deferred {
        let statement = client.prepare_cached(sql).await?;
        prepared.push(Prepared { statement, params });
    }
    Ok(prepared)
}

/// A transaction that nobody closed is undone before the connection is used again: the message is queued here, and the
/// connection answers it in turn.
impl Drop for PgUnitOfWork {
    fn drop(&mut self) {
        if self.phase == Phase::Open
            && let Some(client) = self.client.as_ref()
        {
            let _queued = client.batch_execute("ROLLBACK").now_or_never();
        }
    }
}

impl UnitOfWork for PgUnitOfWork {
    fn organizations(&mut self) -> &mut dyn OrganizationRepository {
        self
    }

    fn api_keys(&mut self) -> &mut dyn ApiKeyRepository {
        self
    }

    fn customers(&mut self) -> &mut dyn CustomerRepository {
        self
    }

    fn invoices(&mut self) -> &mut dyn InvoiceRepository {
        self
    }

    fn invoice_numbers(&mut self) -> &mut dyn InvoiceNumbers {
        self
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }

    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys {
        self
    }
}
