//! Where a batch stands between two attempts.

use std::{collections::VecDeque, time::Duration};

use domain::ids::AccountId;
use tokio::time::Instant;

use super::super::job::Job;

/// What has happened so far.
pub(super) struct Course {
    /// Jobs that are tried one by one, since something among them cannot be written.
    apart: VecDeque<Job>,
    until: Instant,
    /// Whether an attempt may have been committed without our hearing of it.
    pub(super) is_in_doubt: bool,
    /// Whether those were turned away already whose accounts somebody keeps locked.
    pub(super) has_excluded_busy: bool,
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
            is_in_doubt: false,
            has_excluded_busy: false,
            was_stale: false,
            busy: Vec::new(),
        }
    }

    /// Whether there is still time for another attempt.
    pub(super) fn has_time(&self) -> bool {
        Instant::now() < self.until
    }

    /// Whether nothing is left to be tried by itself.
    pub(super) fn is_done(&self) -> bool {
        self.apart.is_empty()
    }

    /// The next job to be tried by itself.
    pub(super) fn next_apart(&mut self) -> Option<Job> {
        self.has_excluded_busy = false;
        self.apart.pop_front()
    }

    /// Has these jobs tried one by one.
    pub(super) fn take_apart(&mut self, jobs: impl Iterator<Item = Job>) {
        self.apart.extend(jobs);
    }
}
