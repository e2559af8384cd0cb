//! Writes of many transactions as one: what comes while others are on their way sets out together with the next.
//!
//! A statement costs the server much that has nothing to do with its rows, and so does a commit. Transactions that are one
//! statement and only add do not mind sharing both. Nobody waits to be joined: whoever comes and finds a way free sets
//! out, with all that wait by then. When the server refuses what went together, each is written by itself, so nobody is
//! refused for another's sake.

mod carried;
mod columns;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use app::ports::StorageError;
use futures_util::future::join_all;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::{
    database::{Database, Trouble},
    error::unavailable,
    statement_spans::StatementSpans,
    unit_of_work::{Deferred, LostRace},
};

/// How many are on their way at once: while the server writes one, the next is read and sent.
const WAYS: usize = 2;

/// How many go together. More gain little, and the first of them would wait for the last.
const TOGETHER_MAX: usize = 32;

/// How long a way may be occupied before it is no longer counted: somebody's lock is in the way, and nobody else has to
/// wait for that.
const PATIENCE: Duration = Duration::from_millis(100);

type Written = Result<Result<(), LostRace>, StorageError>;

type Caller = oneshot::Sender<Written>;

struct Waiting {
    write: Deferred,
    caller: Caller,
}

/// Where writes meet. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Together {
    database: Database,
    waiting: Arc<Mutex<VecDeque<Waiting>>>,
    ways: Arc<Semaphore>,
}

impl Together {
    /// Writes into this database.
    pub(crate) fn over(database: Database) -> Self {
        Self {
            database,
            waiting: Arc::default(),
            ways: Arc::new(Semaphore::new(WAYS)),
        }
    }

    /// Writes, and commits. An error leaves open whether it was written. One whose caller stops waiting before it has set
    /// out is not written.
    pub(crate) async fn write(&self, write: Deferred) -> Written {
        let sent = StatementSpans::of([write.sql]);
        let written = self.write_with_others(write).await;
        if written.is_err() {
            sent.fail("unavailable");
        }
        written
    }

    async fn write_with_others(&self, write: Deferred) -> Written {
        if carried::statement_for_many(write.sql).is_none() {
            return self.write_alone(write).await;
        }
        let (caller, mut answer) = oneshot::channel();
        self.line().push_back(Waiting { write, caller });
        let given_up = |_| Err(unavailable("what was written together was given up"));
        loop {
            self.set_out();
            // Whoever was to take this along may have ended with its thread.
            if let Ok(answered) = tokio::time::timeout(PATIENCE, &mut answer).await {
                return answered.unwrap_or_else(given_up);
            }
        }
    }

    fn set_out(&self) {
        if let Ok(way) = Arc::clone(&self.ways).try_acquire_owned() {
            tokio::spawn(self.clone().carry_on(way));
        }
    }

    /// Carries what waits, until nothing does.
    async fn carry_on(self, way: OwnedSemaphorePermit) {
        // Those that become ready in the same moment come along.
        tokio::task::yield_now().await;
        loop {
            let group = self.next_group();
            if group.is_empty() {
                break;
            }
            let mut carrying = Box::pin(self.carry(group));
            if tokio::time::timeout(PATIENCE, &mut carrying).await.is_err() {
                drop(way);
                self.set_out();
                carrying.await;
                return;
            }
        }
        drop(way);
        // Somebody may have come between the last look and the way being free.
        if !self.line().is_empty() {
            self.set_out();
        }
    }

    fn next_group(&self) -> Vec<Waiting> {
        let mut line = self.line();
        let many = line.len().min(TOGETHER_MAX);
        let group = line.drain(..many);
        group.filter(|one| !one.caller.is_closed()).collect()
    }

    fn line(&self) -> std::sync::MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn carry(&self, group: Vec<Waiting>) {
        let (writes, callers): (Vec<_>, Vec<_>) =
            group.into_iter().map(|one| (one.write, one.caller)).unzip();
        let outcomes = match self.write_all(&writes).await {
            Ok(()) => callers.iter().map(|_| Ok(Ok(()))).collect(),
            Err(Trouble::Refused(_)) if writes.len() > 1 => {
                let each = writes.into_iter().zip(callers);
                join_all(each.map(|(write, caller)| self.answer_alone(write, caller))).await;
                return;
            }
            Err(trouble) => carried::trouble_of_each(trouble, callers.len()),
        };
        for (caller, outcome) in callers.into_iter().zip(outcomes) {
            answer(caller, outcome);
        }
    }

    async fn answer_alone(&self, write: Deferred, caller: Caller) {
        let written = self.write_alone(write).await;
        answer(caller, written);
    }

    async fn write_alone(&self, write: Deferred) -> Written {
        match self.write_all(&[write]).await {
            Ok(()) => Ok(Ok(())),
            Err(trouble) => carried::trouble_of_one(trouble),
        }
    }
}

fn answer(caller: Caller, written: Written) {
    // Whoever has stopped waiting does not want to know.
    let _gone = caller.send(written);
}
