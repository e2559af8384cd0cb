//! One open `PostgreSQL` transaction.
//!
//! It opens with its first read and saves round trips where that cannot change what happens: `BEGIN` travels with the
//! first read, and writes whose outcome nobody asks for travel together, with the next read or with `COMMIT`. A statement
//! that fails aborts the transaction on the server, so a `COMMIT` behind it commits nothing, and its error is seen here.
//! Writes never travel with `BEGIN`: if that failed, each of them would be a transaction of its own. One that only adds opens
//! with its first write instead, or not at all.

mod deferred;
mod ends;
mod joined;
mod known;
mod lone_write;
mod ports;
mod round_trip;

use std::{sync::Arc, time::Duration};

use app::ports::{StorageError, Touched};
use deadpool_postgres::{ClientWrapper, Object};
use domain::platform::OrganizationFacts;
use futures_util::{
    FutureExt,
    future::{join, join3},
};
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::{Row, types::ToSql};

use self::deferred::{TOGETHER_MAX, prepare, run_all, texts};
use crate::{
    database::{Database, Sending},
    ledger::{KnownSystems, MetSystems},
    statement_spans::StatementSpans,
};

pub(crate) use self::{
    deferred::{Deferred, OwnedParam, borrowed},
    ends::{InDoubt, LostRace},
    joined::{Write, joined},
};

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

impl Terms {
    /// Those of a transaction that is opened now, where answers are kept for so long.
    pub(crate) fn at(now: Timestamp, deadline: Duration, answers_kept: SignedDuration) -> Self {
        Self {
            deadline,
            answers_kept_since: now.saturating_sub(answers_kept).unwrap_or(now),
            now,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing was sent.
    Unopened,
    /// `BEGIN` and everything since have succeeded.
    Open,
    /// Something was sent and has not succeeded: it failed, or nobody waited for the answer. It can only be undone.
    Broken,
    /// It is over.
    Closed,
}

/// A transaction. The ports are implemented on it, one file each, under their bounded context.
pub(crate) struct PgUnitOfWork {
    /// `None` once the connection was given up, so that nobody gets it again.
    client: Option<Object>,
    sending: Sending,
    begin: &'static str,
    only_adds: bool,
    phase: Phase,
    deferred: Vec<Deferred>,
    touched: Vec<Touched>,
    /// As it was when the transaction came across it.
    organization: Option<OrganizationFacts>,
    pub(crate) systems: Arc<KnownSystems>,
    pub(crate) met_systems: MetSystems,
    is_row_by_row: bool,
    lost_race: Option<LostRace>,
    terms: Terms,
}

impl PgUnitOfWork {
    /// A transaction that opens with its first statement, on a connection to this database.
    pub(crate) fn new(
        client: Object,
        database: &Database,
        begin: &'static str,
        terms: Terms,
    ) -> Self {
        Self {
            client: Some(client),
            sending: database.sending(),
            begin,
            only_adds: false,
            phase: Phase::Unopened,
            deferred: Vec::new(),
            touched: Vec::new(),
            organization: None,
            systems: Arc::default(),
            met_systems: MetSystems::default(),
            is_row_by_row: false,
            lost_race: None,
            terms,
        }
    }

    /// The same, with what others have come across.
    pub(crate) fn knowing(mut self, systems: &Arc<KnownSystems>) -> Self {
        self.systems = Arc::clone(systems);
        self
    }

    /// Whether a statement has failed because a concurrent writer won.
    pub(crate) const fn lost_race(&self) -> bool {
        self.lost_race.is_some()
    }

    /// Notes that a concurrent writer won, as the work itself has seen.
    pub(crate) fn note_lost_race(&mut self) {
        self.lost_race.get_or_insert_default();
    }

    pub(crate) const fn terms(&self) -> Terms {
        self.terms
    }

    /// Sends what is deferred and then a query.
    pub(crate) async fn query(
        &mut self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<Vec<Row>, StorageError> {
        if self.looks_only() {
            return self.look(sql, params).await;
        }
        let deferred = self.take_deferred().await?;
        let unknown = self.sending.unknown(texts(&deferred).chain([sql]));
        let sending = self.learn(unknown).await?;
        let begin = (self.phase == Phase::Unopened).then_some(self.begin);
        let sent = begin.into_iter().chain(texts(&deferred)).chain([sql]);
        let begin = begin.map(|begin| sending.opening(begin));
        self.within_deadline(StatementSpans::of(sent), async |client| {
            let writes = prepare(&sending, client, &deferred).await?;
            let statement = sending.prepare(client, sql).await?;
            let opening = async {
                match &begin {
                    Some(begin) => client.batch_execute(begin).await,
                    None => Ok(()),
                }
            };
            let asking = statement.query(client, params);
            let (opened, written, rows) = join3(opening, run_all(&writes, client), asking).await;
            opened.and(written).and(rows)
        })
        .await
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

    /// Sends a write, once the transaction is surely open, and tells how many rows it has written.
    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<u64, StorageError> {
        self.open().await?;
        let deferred = self.take_deferred().await?;
        let unknown = self.sending.unknown(texts(&deferred).chain([sql]));
        let sending = self.learn(unknown).await?;
        let sent = StatementSpans::of(texts(&deferred).chain([sql]));
        self.within_deadline(sent, async |client| {
            let writes = prepare(&sending, client, &deferred).await?;
            let statement = sending.prepare(client, sql).await?;
            let writing = run_all(&writes, client);
            let (written, count) = join(writing, statement.execute(client, params)).await;
            written.and(count)
        })
        .await
    }

    /// Sends what is deferred together with `COMMIT`, and tells what was changed. Nothing is sent for nothing.
    pub(crate) async fn commit(mut self) -> Result<Result<Vec<Touched>, LostRace>, InDoubt> {
        if self.phase == Phase::Unopened && self.deferred.is_empty() {
            return Ok(Ok(Vec::new()));
        }
        let touched = std::mem::take(&mut self.touched);
        match (self.send_commit().await, self.lost_race.take()) {
            (Ok(()), _) => Ok(Ok(touched)),
            (Err(_), Some(lost)) => Ok(Err(lost)),
            (Err(why), None) => Err(InDoubt { touched, why }),
        }
    }

    async fn send_commit(&mut self) -> Result<(), StorageError> {
        let deferred = self.take_deferred().await?;
        let sending = self.learn(self.sending.unknown(texts(&deferred))).await?;
        let sent = StatementSpans::of(texts(&deferred).chain(["COMMIT"]));
        self.within_deadline(sent, async |client| {
            let writes = prepare(&sending, client, &deferred).await?;
            let writing = run_all(&writes, client);
            let (written, committed) = join(writing, client.batch_execute("COMMIT")).await;
            written.and(committed)
        })
        .await?;
        self.phase = Phase::Closed;
        Ok(())
    }

    /// Undoes everything. One that fails has lost its connection, and the server undoes the writes by itself.
    pub(crate) async fn roll_back(mut self) {
        if self.is_to_be_undone() {
            let rolling_back =
                async |client: &ClientWrapper| client.batch_execute("ROLLBACK").await;
            let sent = StatementSpans::of(["ROLLBACK"]);
            let _undone_either_way = self.round_trip(sent, rolling_back).await;
        }
        self.phase = Phase::Closed;
    }

    fn is_to_be_undone(&self) -> bool {
        matches!(self.phase, Phase::Open | Phase::Broken)
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
            let sending = self.learn(self.sending.unknown(texts(&first))).await?;
            let sent = StatementSpans::of(texts(&first));
            self.within_deadline(sent, async |client| {
                let writes = prepare(&sending, client, &first).await?;
                run_all(&writes, client).await
            })
            .await?;
        }
        Ok(waiting)
    }

    async fn open(&mut self) -> Result<(), StorageError> {
        if self.phase == Phase::Unopened {
            let begin = self.sending.opening(self.begin);
            let sent = StatementSpans::of([self.begin]);
            self.within_deadline(sent, async |client| client.batch_execute(&begin).await)
                .await?;
        }
        Ok(())
    }
}

/// A transaction that nobody closed is undone before the connection is used again: the message is queued here, and the
/// connection answers it in turn.
impl Drop for PgUnitOfWork {
    fn drop(&mut self) {
        if self.is_to_be_undone()
            && let Some(client) = self.client.as_ref()
        {
            let _queued = client.batch_execute("ROLLBACK").now_or_never();
        }
    }
}
