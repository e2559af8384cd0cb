//! Opens, retries and closes transactions.

use std::{sync::Arc, time::Duration};

use app::ports::{
    Clock, Isolation, Outcome, StorageError, Touched, TransactionSpec, Transactor, Work,
};
use async_trait::async_trait;
use jiff::SignedDuration;

use crate::{
    database::Database,
    ledger::KnownSystems,
    together::Together,
    unit_of_work::{InDoubt, LostRace, PgUnitOfWork, Terms},
};

/// How often, and how patiently, a lost race is run again.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// How many attempts are made in all.
    pub attempts_max: u32,
    /// How long to wait at most before the second attempt; it doubles from there.
    pub backoff_min: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts_max: 8,
            backoff_min: Duration::from_millis(2),
        }
    }
}

/// Runs work in transactions of a database.
pub struct PgTransactor {
    database: Database,
    together: Together,
    systems: Arc<KnownSystems>,
    clock: Arc<dyn Clock>,
    retry: RetryPolicy,
    answers_kept: SignedDuration,
}

impl PgTransactor {
    /// A transactor over a pool. Answers to idempotent requests are kept for `answers_kept`.
    pub fn new(database: Database, clock: Arc<dyn Clock>, answers_kept: Duration) -> Self {
        Self {
            together: Together::over(database.clone()),
            database,
            systems: Arc::default(),
            clock,
            retry: RetryPolicy::default(),
            answers_kept: SignedDuration::try_from(answers_kept).unwrap_or(SignedDuration::MAX),
        }
    }

    /// The same, with another patience.
    #[must_use]
    pub const fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    async fn attempt(
        &self,
        isolation: Isolation,
        work: &mut dyn Work,
    ) -> Result<Result<Vec<Touched>, LostRace>, StorageError> {
        let client = self.database.connection().await?;
        let deadline = self.database.deadline();
        let terms = Terms::at(self.clock.now(), deadline, self.answers_kept);
        let mut uow = PgUnitOfWork::new(client, &self.database, begin(isolation), terms)
            .knowing(&self.systems);
        if isolation == Isolation::Additive {
            uow = uow.that_only_adds();
        }

        let outcome = work.attempt(&mut uow).await;

        match outcome {
            Outcome::Commit if !uow.lost_race() => {
                if !uow.touched().is_empty() {
                    work.about_to_commit(uow.touched()).await;
                }
                self.commit(uow).await.map_err(|unanswered| {
                    work.in_doubt(unanswered.touched);
                    unanswered.why
                })
            }
            Outcome::Commit | Outcome::Rollback => {
                let lost_race = uow.lost_race();
                uow.roll_back().await;
                Ok(if lost_race {
                    Err(LostRace::default())
                } else {
                    Ok(Vec::new())
                })
            }
        }
    }

    /// What is a transaction by itself gives its connection back, and is written together with others.
    async fn commit(&self, uow: PgUnitOfWork) -> Result<Result<Vec<Touched>, LostRace>, InDoubt> {
        match uow.into_lone_write() {
            Ok((write, touched)) => match self.together.write(write).await {
                Ok(Ok(())) => Ok(Ok(touched)),
                Ok(Err(lost)) => Ok(Err(lost)),
                Err(why) => Err(InDoubt { touched, why }),
            },
            Err(uow) => uow.commit().await,
        }
    }
}

#[async_trait]
impl Transactor for PgTransactor {
    async fn run(
        &self,
        spec: TransactionSpec,
        work: &mut dyn Work,
    ) -> Result<Vec<Touched>, StorageError> {
        let mut backoff = self.retry.backoff_min;
        for attempt in 1..=self.retry.attempts_max {
            match self.attempt(spec.isolation, work).await? {
                Ok(touched) => return Ok(touched),
                Err(_lost_race) if attempt < self.retry.attempts_max => {
                    metrics::counter!("transactions_retried_total", "command" => spec.name)
                        .increment(1);
                    tokio::time::sleep(self.jittered(backoff)).await;
                    backoff *= 2;
                }
                Err(_lost_race) => {}
            }
        }
        Err(StorageError::Contended {
            attempts: self.retry.attempts_max,
        })
    }
}

impl PgTransactor {
    /// Between nothing and `backoff`: two that lost against each other do not meet again. The clock's microseconds are
    /// random enough for that.
    fn jittered(&self, backoff: Duration) -> Duration {
        let dice = self.clock.now().subsec_nanosecond() / 1_000 % 1_000;
        backoff * u32::try_from(dice).unwrap_or_default() / 1_000
    }
}

const fn begin(isolation: Isolation) -> &'static str {
    match isolation {
        // Connections are opened with it; to name it again would cost the server more than the rest of BEGIN.
        Isolation::ReadCommitted | Isolation::Additive => "BEGIN",
        Isolation::Serializable => "BEGIN ISOLATION LEVEL SERIALIZABLE",
    }
}
