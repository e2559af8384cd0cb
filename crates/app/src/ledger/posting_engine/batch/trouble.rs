//! What a lane does when an attempt comes to nothing.

use std::{collections::HashSet, sync::Arc, time::Duration};

use domain::ledger::Folio;

use super::{
    super::{job::Job, known_answers::KnownAnswers},
    Batch, Course, Failure,
};
use crate::ports::{KeyedAnswer, StorageError};

/// How long to wait before storage that did not answer is asked again.
const PAUSE: Duration = Duration::from_millis(50);

impl Batch {
    /// Somebody else was quicker: from now on the pages are locked before they are decided on.
    pub(super) fn distrust(&mut self, course: &mut Course) {
        course.was_stale = true;
        self.is_contested = true;
        self.standings.clear();
        if !course.has_time() {
            self.fail(StorageError::Contended { attempts: 1 }, course);
        }
    }

    /// Answers those whose keys were used before as they were answered then. Storage that does not say is asked again: what
    /// may have been written MUST NOT be written once more before that is known.
    pub(super) async fn replay(&mut self, course: &mut Course) {
        while !self.jobs.is_empty() {
            if !course.has_time() {
                return self.fail(StorageError::Contended { attempts: 1 }, course);
            }
            let keys = self.jobs.iter().map(|job| job.asked.key.scope.clone());
            let keys: Vec<_> = keys.collect();
            match self.workshop.parts.store.answers(&keys).await {
                Ok(given) => {
                    let known = KnownAnswers::new(given);
                    let is_ours = |given: &KeyedAnswer| course.is_ours(given);
                    let jobs = std::mem::take(&mut self.jobs).into_iter();
                    let unanswered = jobs.filter_map(|job| known.answer(job, &is_ours));
                    self.jobs = unanswered.collect();
                    return;
                }
                Err(error) => self.wait_or_give_up(error, course).await,
            }
        }
    }

    pub(super) async fn recover(&mut self, failure: Failure, course: &mut Course) {
        self.standings.clear();
        let error = match failure {
            Failure::BeforeWriting(error) => error,
            Failure::Writing(error, batch) => {
                if matches!(error, StorageError::Unavailable(_)) {
                    course.doubt(batch);
                }
                error
            }
        };
        match error {
            // What nobody has heard of may itself be what keeps the accounts locked.
            StorageError::Contended { .. } if course.is_in_doubt() => {
                self.wait_and_replay(error, course).await;
            }
            StorageError::Unavailable(_) => self.wait_and_replay(error, course).await,
            StorageError::Contended { .. } if course.has_time() => {
                self.turn_away_busy(error, course).await;
            }
            // One of them cannot be written; the others need not suffer for it.
            StorageError::Corrupt { .. } if self.jobs.len() > 1 => {
                course.take_apart(self.jobs.drain(..));
            }
            StorageError::Corrupt { .. } | StorageError::Contended { .. } => {
                self.fail(error, course);
            }
        }
    }

    async fn wait_and_replay(&mut self, error: StorageError, course: &mut Course) {
        self.wait_or_give_up(error, course).await;
        if !self.jobs.is_empty() {
            self.replay(course).await;
        }
    }

    async fn wait_or_give_up(&mut self, error: StorageError, course: &mut Course) {
        if course.has_time() {
            tokio::time::sleep(PAUSE).await;
        } else {
            self.fail(error, course);
            while let Some(job) = course.next_apart() {
                job.fail(StorageError::Unavailable(
                    "the storage does not answer".into(),
                ));
            }
        }
    }

    /// Somebody else keeps pages locked for longer than we wait: the transfers that touch them fail, the others go on, and so
    /// do all if they are let go of meanwhile.
    async fn turn_away_busy(&mut self, error: StorageError, course: &mut Course) {
        let folios: Vec<_> = self.jobs.iter().flat_map(|job| self.pages(job)).collect();
        let busy = self.workshop.parts.store.busy(&folios).await;
        let Ok(busy) = busy.map(|busy| busy.into_iter().collect::<HashSet<_>>()) else {
            return self.fail(error, course);
        };
        course
            .busy
            .extend(busy.iter().map(|folio| folio.account_id));
        for job in std::mem::take(&mut self.jobs) {
            if self.pages(&job).any(|folio| busy.contains(&folio)) {
                job.fail(StorageError::Contended { attempts: 1 });
            } else {
                self.jobs.push(job);
            }
        }
    }

    /// The pages that a job touches.
    fn pages(&self, job: &Job) -> impl Iterator<Item = Folio> {
        let wanted: Vec<_> = job.systems().collect();
        let systems = self.workshop.systems.known(wanted.iter()).into_values();
        let shard = self.shard;
        let pages = systems.map(move |account_id| Folio { account_id, shard });
        job.accounts().map(Folio::whole).chain(pages)
    }

    /// Gives the jobs up. When one of them may have been written after all, nobody is told that it was not.
    fn fail(&mut self, error: StorageError, course: &Course) {
        let error = match error {
            StorageError::Contended { .. } if course.is_in_doubt() => {
                StorageError::Unavailable(Box::new(error))
            }
            error => error,
        };
        let error = Arc::new(error);
        for job in self.jobs.drain(..) {
            job.fail(same_as(&error));
        }
    }
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
