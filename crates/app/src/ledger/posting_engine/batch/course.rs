//! Where a batch stands between two attempts.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use domain::ids::AccountId;
use tokio::time::Instant;

use super::super::job::Job;
use crate::ports::{KeyedAnswer, PostingBatch};

/// What has happened so far.
pub(super) struct Course {
    /// Jobs that are tried one by one, since something among them cannot be written.
    apart: VecDeque<Job>,
    until: Instant,
    /// What was last sent of what may have been committed without our hearing of it. No more is kept: a storage that goes on
    /// like that must not cost ever more memory.
    in_doubt: Option<Arc<PostingBatch>>,
    /// Whether what was remembered was out of date.
    pub(super) was_stale: bool,
    /// The accounts that somebody else keeps locked.
    pub(super) busy: Vec<AccountId>,
}

impl Course {
    pub(super) fn begun(patience: Duration) -> Self {
        Self {
            apart: VecDeque::new(),
            until: Instant::now() + patience,
            in_doubt: None,
            was_stale: false,
            busy: Vec::new(),
        }
    }

    /// Whether there is still time for another attempt.
    pub(super) fn has_time(&self) -> bool {
        Instant::now() < self.until
    }

    /// Takes note that nobody knows whether this was committed.
    pub(super) fn doubt(&mut self, batch: Arc<PostingBatch>) {
        self.in_doubt = Some(batch);
    }

    /// Whether an attempt may have been committed without our hearing of it.
    pub(super) const fn is_in_doubt(&self) -> bool {
        self.in_doubt.is_some()
    }

    /// Whether an answer that was found is that of our last such attempt: no two attempts give transfers the same ids.
    pub(super) fn is_ours(&self, given: &KeyedAnswer) -> bool {
        let in_doubt = self.in_doubt.as_ref();
        let mut answers = in_doubt.into_iter().flat_map(|batch| &batch.answers);
        answers.any(|it| it.scope == given.scope && it.answer == given.answer)
    }

    /// Whether nothing is left to be tried by itself.
    pub(super) fn is_done(&self) -> bool {
        self.apart.is_empty()
    }

    /// The next job to be tried by itself.
    pub(super) fn next_apart(&mut self) -> Option<Job> {
        self.apart.pop_front()
    }

    /// Has these jobs tried one by one.
    pub(super) fn take_apart(&mut self, jobs: impl Iterator<Item = Job>) {
        self.apart.extend(jobs);
    }
}
