//! Answers that were given before.

use std::collections::HashMap;

use super::job::Job;
use crate::{
    idempotency::{OnceError, Reply},
    ports::{KeyScope, KeyedAnswer},
};

/// Answers by their keys.
pub(super) struct KnownAnswers(HashMap<KeyScope, KeyedAnswer>);

impl KnownAnswers {
    pub(super) fn new(given: Vec<KeyedAnswer>) -> Self {
        let by_key = |answer: KeyedAnswer| (answer.scope.clone(), answer);
        Self(given.into_iter().map(by_key).collect())
    }

    /// Answers a job whose key has an answer: with that answer when it is the same request. Gives back one whose key has
    /// none. `is_ours` tells whether an answer is that of this very job, given without our hearing of it.
    pub(super) fn answer(&self, job: Job, is_ours: &dyn Fn(&KeyedAnswer) -> bool) -> Option<Job> {
        let key = &job.asked.key;
        let Some(given) = self.0.get(&key.scope) else {
            return Some(job);
        };
        if given.fingerprint != key.fingerprint {
            job.waiter.tell(Err(OnceError::KeyReused.into()));
            for follower in job.followers {
                let _none_left = self.answer(follower, &|_| false);
            }
        } else if is_ours(given) {
            job.answer(&given.answer);
        } else {
            job.replay(&given.answer);
        }
        None
    }
}

impl Job {
    /// Answers with what was just committed; those who asked the same meanwhile hear the same.
    pub(super) fn answer(self, answer: &[u8]) {
        self.tell(Reply::Fresh, answer);
    }

    /// Answers with what was committed before.
    pub(super) fn replay(self, answer: &[u8]) {
        self.tell(Reply::Replayed, answer);
    }

    fn tell(self, reply: fn(Vec<u8>) -> Reply, answer: &[u8]) {
        let asked = self.asked.key.fingerprint;
        self.waiter.tell(Ok(reply(answer.to_vec())));
        for follower in self.followers {
            let replied = if follower.asked.key.fingerprint == asked {
                Ok(Reply::Replayed(answer.to_vec()))
            } else {
                Err(OnceError::KeyReused.into())
            };
            follower.waiter.tell(replied);
        }
    }

    /// Tells that it could not be done.
    pub(super) fn fail(self, error: crate::ports::StorageError) {
        for follower in self.followers {
            follower.waiter.tell(Err(OnceError::InProgress.into()));
        }
        self.waiter.tell(Err(error.into()));
    }
}
