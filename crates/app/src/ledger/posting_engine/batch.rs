//! A lane: carries out one batch to its end, whatever happens on the way.

mod course;
mod trouble;

use std::{sync::Arc, time::Duration};

use domain::{
    ids::AccountId,
    ledger::{Folio, Shard, Standing},
};
use tokio::time::Instant;

use self::course::Course;
use super::{
    EngineParts,
    decision::Bench,
    job::Job,
    systems::{KnownSystems, Systems},
};
use crate::{
    ports::{BatchWritten, PostingBatch, StorageError},
    traces::SharedWork,
};

/// What all lanes share.
pub(super) struct Workshop {
    pub(super) parts: EngineParts,
    pub(super) systems: KnownSystems,
    pub(super) patience: Duration,
}

impl Workshop {
    /// Whether a system account was lost. Others may be lost with it: all of them are looked up again.
    fn has_lost_a_system(&self, folios: &[Folio], found: &[Standing]) -> bool {
        let is_lost = Folio::is_system_lost(folios, found);
        if is_lost {
            tracing::warn!("a system account is not where it was: all of them are looked up again");
            self.systems.forget();
        }
        is_lost
    }
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

/// How it ended. Whoever is not in it has been answered.
#[derive(Default)]
pub(super) struct CarriedOut {
    /// How the pages stand, if that is known.
    pub(super) standings: Vec<Standing>,
    /// Whether what was remembered was out of date.
    pub(super) was_stale: bool,
    /// The accounts that somebody else keeps locked.
    pub(super) busy: Vec<AccountId>,
    /// Those who are to be answered when the next batch is on its way.
    pub(super) committed: Committed,
}

/// Jobs that are committed, and what they are answered.
#[derive(Default)]
pub(super) struct Committed {
    jobs: Vec<Job>,
    batch: Arc<PostingBatch>,
}

impl Committed {
    /// Answers everybody.
    pub(super) fn answer(self) {
        for (job, answer) in self.jobs.into_iter().zip(&self.batch.answers) {
            job.answer(&answer.answer);
        }
    }
}

/// What became of an attempt, and what was decided in it.
type Attempt = Result<(BatchWritten, Arc<PostingBatch>), Failure>;

/// Why an attempt came to nothing.
enum Failure {
    /// Nothing was sent that could have been written.
    BeforeWriting(StorageError),
    /// This was, and if the storage did not answer, nobody knows whether it was written.
    Writing(StorageError, Arc<PostingBatch>),
}

impl Batch {
    /// Decides and writes; answers all but those of the last commit.
    pub(super) async fn carry_out(mut self) -> CarriedOut {
        let mut course = Course::begun(self.workshop.patience);
        loop {
            if self.jobs.is_empty() {
                let Some(next) = course.next_apart() else {
                    return CarriedOut {
                        was_stale: course.was_stale,
                        busy: course.busy,
                        ..CarriedOut::default()
                    };
                };
                self.jobs.push(next);
            }
            let begun = Instant::now();
            let attempt = self.attempt().await;
            count(&attempt, begun);
            match attempt {
                Ok((BatchWritten::Committed, batch)) => {
                    let changes = batch.changes.iter();
                    let standings = changes.map(|change| change.after).collect();
                    let jobs = std::mem::take(&mut self.jobs);
                    let committed = Committed { jobs, batch };
                    if course.is_done() {
                        return CarriedOut {
                            standings,
                            was_stale: course.was_stale,
                            busy: course.busy,
                            committed,
                        };
                    }
                    committed.answer();
                }
                Ok((BatchWritten::Stale, _)) => self.distrust(&mut course),
                Ok((BatchWritten::KeyTaken, _)) => self.replay(&mut course).await,
                Err(failure) => self.recover(failure, &mut course).await,
            }
        }
    }

    async fn attempt(&mut self) -> Attempt {
        let systems = self.systems().await.map_err(Failure::BeforeWriting)?;
        let (parts, jobs) = (&self.workshop.parts, &self.jobs);
        let bench = Bench {
            now: parts.clock.now(),
            ids: parts.ids.as_ref(),
            shard: self.shard,
            systems: &systems,
        };
        let folios = bench.folios(jobs);
        if self.is_contested {
            let mut decided: Arc<PostingBatch> = Arc::default();
            let mut decide = |standings: Vec<_>| {
                if self.workshop.has_lost_a_system(&folios, &standings) {
                    return None;
                }
                decided = Arc::new(bench.decide(jobs, &standings));
                Some(Arc::clone(&decided))
            };
            let spans = writing_of(jobs);
            let writing = spans.around(parts.store.write_locked(&folios, &mut decide));
            return match writing.await {
                Ok(written) => Ok((written, decided)),
                Err(error) if decided.answers.is_empty() => Err(Failure::BeforeWriting(error)),
                Err(error) => Err(Failure::Writing(error, decided)),
            };
        }
        let known = std::mem::take(&mut self.standings);
        let standings = complete(known, &folios, parts).await;
        let standings = standings.map_err(Failure::BeforeWriting)?;
        if self.workshop.has_lost_a_system(&folios, &standings) {
            return Ok((BatchWritten::Stale, Arc::default()));
        }
        let batch = Arc::new(bench.decide(jobs, &standings));
        let spans = writing_of(jobs);
        let writing = spans.around(parts.store.write(&batch)).await;
        drop(spans);
        let written = writing.map_err(|error| Failure::Writing(error, Arc::clone(&batch)))?;
        if written == BatchWritten::KeyTaken {
            // Nothing was written, so they stand as they stood.
            self.standings = standings;
        }
        Ok((written, batch))
    }

    async fn systems(&self) -> Result<Systems, StorageError> {
        let Workshop { parts, systems, .. } = self.workshop.as_ref();
        let wanted = self.jobs.iter().flat_map(Job::systems);
        systems.look_up(wanted, parts).await
    }
}

fn writing_of(jobs: &[Job]) -> SharedWork {
    let spans = jobs.iter().map(|job| &job.span);
    SharedWork::of("write a batch of transfers", spans)
}

fn count(attempt: &Attempt, begun: Instant) {
    let outcome = match attempt {
        Ok((BatchWritten::Committed, batch)) => {
            count_committed(batch, begun.elapsed());
            "committed"
        }
        Ok((BatchWritten::Stale, _)) => "stale",
        Ok((BatchWritten::KeyTaken, _)) => "key_taken",
        Err(_) => "failed",
    };
    metrics::counter!("ledger_batches_total", "outcome" => outcome).increment(1);
}

fn count_committed(batch: &PostingBatch, took: Duration) {
    let posted = u32::try_from(batch.lines.len()).unwrap_or(u32::MAX);
    metrics::counter!("ledger_transfers_posted_total").increment(posted.into());
    for code in &batch.rejections {
        metrics::counter!("ledger_transfers_rejected_total", "code" => *code).increment(1);
    }
    metrics::histogram!("ledger_batch_transfers").record(posted);
    metrics::histogram!("ledger_commit_duration_seconds").record(took);
}

/// Adds what is not known.
async fn complete(
    mut known: Vec<Standing>,
    folios: &[Folio],
    parts: &EngineParts,
) -> Result<Vec<Standing>, StorageError> {
    let is_known: std::collections::HashSet<_> = known.iter().map(|it| it.folio).collect();
    let missing = folios.iter().filter(|folio| !is_known.contains(*folio));
    let missing: Vec<_> = missing.copied().collect();
    if !missing.is_empty() {
        known.extend(parts.store.load(&missing).await?);
    }
    Ok(known)
}
