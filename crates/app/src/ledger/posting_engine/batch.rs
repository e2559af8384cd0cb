//! A lane: carries out one batch to its end, whatever happens on the way.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use domain::ledger::{Folio, Shard, Standing};
use tokio::time::Instant;

use super::{
    EngineParts,
    decision::Bench,
    job::Job,
    known_answers::KnownAnswers,
    systems::{KnownSystems, Systems},
};
use crate::ports::{BatchWritten, PostingBatch, StorageError};

/// How long to wait before storage that did not answer is asked again.
const PAUSE: Duration = Duration::from_millis(50);

/// What all lanes share.
pub(super) struct Workshop {
    pub(super) parts: EngineParts,
    pub(super) systems: KnownSystems,
    pub(super) patience: Duration,
}

/// Jobs that are decided and written together.
pub(super) struct Batch {
    pub(super) workshop: Arc<Workshop>,
    pub(super) jobs: Vec<Job>,
    /// How the pages stood that somebody remembers.
    pub(super) standings: Vec<Standing>,
    /// The pages of system accounts that are this lane's.
    pub(super) shard: Shard,
    /// Whether others change the same accounts all the time, so that remembering is of no use.
    pub(super) is_contested: bool,
}

/// How it ended. Everybody has been answered.
#[derive(Default)]
pub(super) struct CarriedOut {
    /// How the pages stand, if that is known.
    pub(super) standings: Vec<Standing>,
    /// Whether what was remembered was out of date.
    pub(super) was_stale: bool,
}

/// What became of an attempt, and what was decided in it.
type Attempt = Result<(BatchWritten, Arc<PostingBatch>), StorageError>;

/// Where a batch stands between two attempts.
struct Course {
    /// Jobs that are tried one by one, since something among them cannot be written.
    apart: VecDeque<Job>,
    until: Instant,
    /// Whether an attempt may have been committed without our hearing of it.
    is_in_doubt: bool,
    has_excluded_busy: bool,
    was_stale: bool,
}

impl Batch {
    /// Decides, writes and answers.
    pub(super) async fn carry_out(mut self) -> CarriedOut {
        let mut course = Course {
            apart: VecDeque::new(),
            until: Instant::now() + self.workshop.patience,
            is_in_doubt: false,
            has_excluded_busy: false,
            was_stale: false,
        };
        loop {
            if self.jobs.is_empty() {
                let Some(next) = course.apart.pop_front() else {
                    return CarriedOut {
                        was_stale: course.was_stale,
                        ..CarriedOut::default()
                    };
                };
                self.jobs.push(next);
            }
            let attempt = self.attempt().await;
            count(&attempt);
            match attempt {
                Ok((BatchWritten::Committed, batch)) => {
                    let standings = self.answer(&batch);
                    if course.apart.is_empty() {
                        return CarriedOut {
                            standings,
                            was_stale: course.was_stale,
                        };
                    }
                }
                Ok((BatchWritten::Stale, _)) => {
                    course.was_stale = true;
                    self.is_contested = true;
                }
                Ok((BatchWritten::KeyTaken, _)) => self.replay(&mut course).await,
                Err(error) => self.recover(error, &mut course).await,
            }
            self.standings.clear();
        }
    }

    async fn attempt(&mut self) -> Attempt {
        let systems = self.systems().await?;
        let (parts, jobs) = (&self.workshop.parts, &self.jobs);
        let bench = Bench {
            now: parts.clock.now(),
            ids: parts.ids.as_ref(),
            shard: self.shard,
            systems: &systems,
        };
        let folios = bench.folios(jobs);
        if self.is_contested {
            let mut decided = Arc::default();
            let mut decide = |standings| {
                decided = Arc::new(bench.decide(jobs, standings));
                Arc::clone(&decided)
            };
            let written = parts.store.write_locked(&folios, &mut decide).await?;
            return Ok((written, decided));
        }
        let known = std::mem::take(&mut self.standings);
        let standings = complete(known, &folios, parts).await?;
        let batch = bench.decide(jobs, standings);
        let written = parts.store.write(&batch).await?;
        Ok((written, Arc::new(batch)))
    }

    async fn systems(&self) -> Result<Systems, StorageError> {
        let Workshop { parts, systems, .. } = self.workshop.as_ref();
        let wanted = self.jobs.iter().flat_map(Job::systems);
        systems.look_up(wanted, parts).await
    }

    /// Answers everybody, and tells how the pages stand.
    fn answer(&mut self, batch: &PostingBatch) -> Vec<Standing> {
        for (job, answer) in self.jobs.drain(..).zip(&batch.answers) {
            job.answer(&answer.answer);
        }
        batch.changes.iter().map(|change| change.after).collect()
    }

    /// Answers those whose keys were used before as they were answered then.
    async fn replay(&mut self, course: &mut Course) {
        let keys: Vec<_> = self
            .jobs
            .iter()
            .map(|job| job.asked.key.scope.clone())
            .collect();
        match self.workshop.parts.store.answers(&keys).await {
            Ok(given) => {
                let known = KnownAnswers::new(given);
                let is_ours = course.is_in_doubt;
                let jobs = std::mem::take(&mut self.jobs).into_iter();
                let unanswered = jobs.filter_map(|job| known.answer(job, is_ours));
                self.jobs = unanswered.collect();
            }
            Err(error) => self.wait_or_give_up(error, course).await,
        }
    }

    async fn recover(&mut self, error: StorageError, course: &mut Course) {
        match error {
            StorageError::Unavailable(_) => {
                course.is_in_doubt = true;
                self.wait_or_give_up(error, course).await;
                if !self.jobs.is_empty() {
                    self.replay(course).await;
                }
            }
            StorageError::Contended { .. } if !course.has_excluded_busy => {
                course.has_excluded_busy = true;
                self.turn_away_busy(error).await;
            }
            // One of them cannot be written; the others need not suffer for it.
            StorageError::Corrupt { .. } if self.jobs.len() > 1 => {
                course.apart.extend(self.jobs.drain(..));
            }
            StorageError::Corrupt { .. } | StorageError::Contended { .. } => self.fail(error),
        }
    }

    async fn wait_or_give_up(&mut self, error: StorageError, course: &mut Course) {
        if Instant::now() < course.until {
            tokio::time::sleep(PAUSE).await;
        } else {
            self.fail(error);
            for job in course.apart.drain(..) {
                job.fail(StorageError::Unavailable(
                    "the storage does not answer".into(),
                ));
            }
        }
    }

    /// Somebody else keeps accounts locked for longer than we wait: their transfers fail, the others go on.
    async fn turn_away_busy(&mut self, error: StorageError) {
        let accounts = self.jobs.iter().flat_map(Job::accounts);
        let folios: Vec<_> = accounts.map(Folio::whole).collect();
        let busy = self.workshop.parts.store.busy(&folios).await;
        let Ok(busy) = busy.map(|busy| busy.into_iter().collect::<std::collections::HashSet<_>>())
        else {
            return self.fail(error);
        };
        let touches_busy = |job: &Job| job.accounts().any(|id| busy.contains(&Folio::whole(id)));
        let (turned_away, left) = std::mem::take(&mut self.jobs)
            .into_iter()
            .partition(touches_busy);
        self.jobs = left;
        let turned_away: Vec<Job> = turned_away;
        for job in turned_away {
            job.fail(StorageError::Contended { attempts: 1 });
        }
    }

    fn fail(&mut self, error: StorageError) {
        let error = Arc::new(error);
        for job in self.jobs.drain(..) {
            job.fail(same_as(&error));
        }
    }
}

fn count(attempt: &Attempt) {
    let outcome = match attempt {
        Ok((BatchWritten::Committed, batch)) => {
            let posted = u64::try_from(batch.lines.len()).unwrap_or(u64::MAX);
            metrics::counter!("ledger_transfers_posted_total").increment(posted);
            "committed"
        }
        Ok((BatchWritten::Stale, _)) => "stale",
        Ok((BatchWritten::KeyTaken, _)) => "key_taken",
        Err(_) => "failed",
    };
    metrics::counter!("ledger_batches_total", "outcome" => outcome).increment(1);
}

/// Adds what is not known.
async fn complete(
    mut known: Vec<Standing>,
    folios: &[Folio],
    parts: &EngineParts,
) -> Result<Vec<Standing>, StorageError> {
    if known.len() < folios.len() {
        let is_known: std::collections::HashSet<_> = known.iter().map(|it| it.folio).collect();
        let missing = folios.iter().filter(|folio| !is_known.contains(*folio));
        let missing: Vec<_> = missing.copied().collect();
        known.extend(parts.store.load(&missing).await?);
    }
    Ok(known)
}

/// The same error for another caller.
fn same_as(error: &Arc<StorageError>) -> StorageError {
    match error.as_ref() {
        StorageError::Unavailable(_) => StorageError::Unavailable(Box::new(Arc::clone(error))),
        StorageError::Contended { attempts } => StorageError::Contended {
            attempts: *attempts,
        },
        StorageError::Corrupt { entity, .. } => StorageError::Corrupt {
            entity,
            source: Box::new(Arc::clone(error)),
        },
    }
}
