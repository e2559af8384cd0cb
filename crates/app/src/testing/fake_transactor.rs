//! A transactor without a database.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;

use super::FakeUnitOfWork;
use crate::ports::{Outcome, StorageError, Touched, TransactionSpec, Transactor, Work};

/// Runs work over fake units of work, the first piece over the first of them, and counts what was asked of it. When none is
/// left, it is a storage that cannot be reached.
#[derive(Default)]
pub struct FakeTransactor {
    uows: Mutex<Vec<FakeUnitOfWork>>,
    lost_races: u32,
    touched: Vec<Touched>,
    specs: Mutex<Vec<TransactionSpec>>,
    attempts: AtomicU32,
    commits: AtomicU32,
    rollbacks: AtomicU32,
}

impl FakeTransactor {
    /// Runs one piece of work against `uow`.
    pub fn over(uow: FakeUnitOfWork) -> Self {
        Self::over_each([uow])
    }

    /// Runs one piece of work against each.
    pub fn over_each(uows: impl IntoIterator<Item = FakeUnitOfWork>) -> Self {
        let mut uows: Vec<_> = uows.into_iter().collect();
        uows.reverse();
        Self {
            uows: Mutex::new(uows),
            ..Self::default()
        }
    }

    /// Pretends that the first `count` commits lost against another writer.
    #[must_use]
    pub fn losing(mut self, count: u32) -> Self {
        self.lost_races = count;
        self
    }

    /// Pretends that every commit changed these.
    #[must_use]
    pub fn touching(mut self, touched: Vec<Touched>) -> Self {
        self.touched = touched;
        self
    }

    /// For use as a port.
    pub fn shared(self) -> Arc<Self> {
        Arc::new(self)
    }

    /// How the transactions were to be opened.
    pub fn specs(&self) -> Vec<TransactionSpec> {
        held(&self.specs).clone()
    }

    /// How many attempts, commits and rollbacks there were.
    pub fn tally(&self) -> (u32, u32, u32) {
        let read = |counter: &AtomicU32| counter.load(Ordering::SeqCst);
        (
            read(&self.attempts),
            read(&self.commits),
            read(&self.rollbacks),
        )
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Transactor for FakeTransactor {
    async fn run(
        &self,
        spec: TransactionSpec,
        work: &mut dyn Work,
    ) -> Result<Vec<Touched>, StorageError> {
        held(&self.specs).push(spec);
        let exhausted = || StorageError::Unavailable("no fake unit of work is left".into());
        let mut uow = held(&self.uows).pop().ok_or_else(exhausted)?;
        loop {
            let attempt = self.attempts.fetch_add(1, Ordering::SeqCst);
            let lost_before = uow.lost_races;
            let outcome = work.attempt(&mut uow).await;
            let is_lost = uow.lost_races > lost_before;
            if outcome == Outcome::Commit && !is_lost && !self.touched.is_empty() {
                work.about_to_commit(&self.touched).await;
            }
            match outcome {
                _ if is_lost => {}
                Outcome::Commit if attempt < self.lost_races => {}
                Outcome::Commit => {
                    self.commits.fetch_add(1, Ordering::SeqCst);
                    return Ok(self.touched.clone());
                }
                Outcome::Rollback => {
                    self.rollbacks.fetch_add(1, Ordering::SeqCst);
                    return Ok(Vec::new());
                }
            }
        }
    }
}
