//! Who is at work on what, as advisory locks.
//!
//! They belong to a session, so they need a connection of their own, past any `PgBouncer` that lends sessions for a
//! transaction (`database.direct_url`). A worker that is stopped keeps its session, hence the server ends sessions that say nothing for the time of
//! a lease.

mod held;

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use app::ports::{LeaseRequest, LeasesUnavailable, StorageError, WorkLeases};
use async_trait::async_trait;
use deadpool_postgres::ClientWrapper;
use tokio::sync::Mutex;
use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use self::held::Held;
use crate::{
    columns::Columns,
    database::Database,
    error::{storage_error, unavailable},
};

const ENTITY: &str = "lease";

const LOCK: &str = "
    SELECT id FROM unnest($1::uuid[]) AS work (id)
     WHERE pg_try_advisory_lock(hashtextextended('lease:' || id::text, 0))";

const UNLOCK: &str = "
    SELECT pg_advisory_unlock(hashtextextended('lease:' || id::text, 0)) FROM unnest($1::uuid[]) AS work (id)";

/// Whoever says nothing for so long is gone; 0 for whoever has nothing that others wait for.
const SILENCE_MAX: &str = "SELECT set_config('idle_session_timeout', $1, false)";

/// Leases of this process, all on one session.
pub struct PgWorkLeases {
    database: Database,
    session: Mutex<Option<Session>>,
}

struct Session {
    client: ClientWrapper,
    deadline: Duration,
    silence_max: Duration,
    held: Held,
}

impl PgWorkLeases {
    /// Leases in this database. The session is opened when it is first needed.
    pub const fn new(database: Database) -> Self {
        Self {
            database,
            session: Mutex::const_new(None),
        }
    }

    /// Does something with the session. One that ends meanwhile takes its locks with it: it is done with another one then.
    async fn ask(&self, question: Question<'_>) -> Result<HashSet<Uuid>, StorageError> {
        let mut place = self.session.lock().await;
        // Whoever stops waiting leaves nothing here: a session in the middle of something is of no use any more.
        if let Some(mut session) = place.take().filter(Session::is_open)
            && let Ok(answer) = session.answer(question).await
        {
            *place = Some(session);
            return Ok(answer);
        }
        let mut session = Session::open(&self.database).await?;
        let answer = session.answer(question).await?;
        *place = Some(session);
        Ok(answer)
    }
}

#[derive(Clone, Copy)]
enum Question<'a> {
    Take(LeaseRequest<'a>),
    Extend(LeaseRequest<'a>),
    Release { work: &'a [Uuid], token: Uuid },
}

#[async_trait]
impl WorkLeases for PgWorkLeases {
    async fn take<'a>(
        &self,
        request: LeaseRequest<'a>,
    ) -> Result<HashSet<Uuid>, LeasesUnavailable> {
        self.ask(Question::Take(request)).await.map_err(away)
    }

    async fn extend<'a>(
        &self,
        request: LeaseRequest<'a>,
    ) -> Result<HashSet<Uuid>, LeasesUnavailable> {
        self.ask(Question::Extend(request)).await.map_err(away)
    }

    async fn release(&self, work: &[Uuid], token: Uuid) -> Result<(), LeasesUnavailable> {
        let released = self.ask(Question::Release { work, token }).await;
        released.map(|_| ()).map_err(away)
    }
}

fn away(error: StorageError) -> LeasesUnavailable {
    LeasesUnavailable(Box::new(error))
}

impl Session {
    async fn open(database: &Database) -> Result<Self, StorageError> {
        Ok(Self {
            client: database.session().await?,
            deadline: database.deadline(),
            silence_max: Duration::ZERO,
            held: Held::default(),
        })
    }

    fn is_open(&self) -> bool {
        !self.client.is_closed()
    }

    /// The pieces of work that the answer is about.
    async fn answer(&mut self, question: Question<'_>) -> Result<HashSet<Uuid>, StorageError> {
        let late = self.held.remove_late(Instant::now());
        self.unlock(&late).await?;
        match question {
            Question::Take(request) => self.take(request).await,
            Question::Extend(request) => {
                self.silence_max = self.held.longest().max(request.lasts);
                self.say_here().await?;
                Ok(self.held.extend(request, Instant::now()))
            }
            Question::Release { work, token } => {
                let released = self.held.release(work, token);
                self.unlock(&released).await?;
                self.rest().await?;
                Ok(released.into_iter().collect())
            }
        }
    }

    async fn take(&mut self, request: LeaseRequest<'_>) -> Result<HashSet<Uuid>, StorageError> {
        // A session may lock the same thing again and again.
        let free = self.held.free_of(request.work);
        if free.is_empty() {
            return Ok(HashSet::new());
        }
        let lasts = self.held.longest().max(request.lasts);
        if lasts != self.silence_max {
            self.silence_max = lasts;
            self.say_here().await?;
        }
        let rows = self.ask(LOCK, &[&free]).await?;
        let taken: Result<HashSet<Uuid>, _> = rows
            .iter()
            .map(|row| Columns::of(ENTITY, row).get("id"))
            .collect();
        let taken = taken?;
        self.held.add(&taken, request, Instant::now());
        Ok(taken)
    }

    /// Lets the server hear that somebody is here, and for how long that may be all it hears.
    async fn say_here(&self) -> Result<(), StorageError> {
        let millis = self.silence_max.as_millis().max(1).to_string();
        self.ask(SILENCE_MAX, &[&millis]).await.map(|_| ())
    }

    /// Lets the server keep the session while nothing is held: silence is no sign of anything then.
    async fn rest(&mut self) -> Result<(), StorageError> {
        if self.held.is_empty() && !self.silence_max.is_zero() {
            self.silence_max = Duration::ZERO;
            self.ask(SILENCE_MAX, &[&"0"]).await?;
        }
        Ok(())
    }

    async fn unlock(&self, work: &[Uuid]) -> Result<(), StorageError> {
        if !work.is_empty() {
            self.ask(UNLOCK, &[&work]).await?;
        }
        Ok(())
    }

    async fn ask(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, StorageError> {
        let asking = async {
            let statement = self.client.prepare_cached(sql).await?;
            self.client.query(&statement, params).await
        };
        let answered = tokio::time::timeout(self.deadline, asking).await;
        let answered = answered.map_err(|_| unavailable("PostgreSQL did not answer in time"))?;
        answered.map_err(storage_error)
    }
}
