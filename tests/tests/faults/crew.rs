//! Clients at work, all at the same time, until they are told that it is enough.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tests::{Generator, Service};
use tokio::task::JoinHandle;

/// What a worker hears of the others, and they of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shift {
    is_over: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
}

impl Shift {
    /// Whether it is enough.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Counts a piece of work.
    pub(crate) fn count(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// The workers. Each tells in the end what it has made.
#[derive(Debug)]
pub(crate) struct Crew<T> {
    workers: Vec<JoinHandle<T>>,
    shift: Shift,
}

impl<T: Send + 'static> Crew<T> {
    /// Starts as many workers as there are people.
    pub(crate) fn start<P, W>(
        people: impl IntoIterator<Item = P>,
        work: impl Fn(usize, P, Shift) -> W,
    ) -> Self
    where
        W: Future<Output = T> + Send + 'static,
    {
        let shift = Shift::default();
        let start = |(number, person)| tokio::spawn(work(number, person, shift.clone()));
        Self {
            workers: people.into_iter().enumerate().map(start).collect(),
            shift: shift.clone(),
        }
    }

    /// Waits until this many more pieces of work are done.
    pub(crate) async fn make_progress(&self, pieces: usize) {
        let done = &self.shift.done;
        let goal = done.load(Ordering::Relaxed) + pieces;
        tests::eventually("the clients get their work done", async || {
            let is_broken = self.workers.iter().any(JoinHandle::is_finished);
            (is_broken || done.load(Ordering::Relaxed) >= goal).then_some(())
        })
        .await;
    }

    /// Kills who serves them so many times at random moments, and starts it again, between as many pieces of work.
    pub(crate) async fn outlive(
        &self,
        mut service: Service,
        kills: usize,
        pieces: usize,
    ) -> Service {
        let mut dice = Generator::default();
        for _ in 0..kills {
            self.make_progress(pieces).await;
            tokio::time::sleep(dice.moment_ms(0, 400)).await;
            let setup = service.setup();
            service.kill();
            service = setup.start().await;
        }
        self.make_progress(pieces).await;
        service
    }

    /// Lets them finish what they are at, and tells what each has made.
    pub(crate) async fn finish(self) -> Vec<T> {
        self.shift.is_over.store(true, Ordering::Relaxed);
        let mut made = Vec::new();
        for worker in self.workers {
            made.push(worker.await.expect("no client was disappointed"));
        }
        made
    }
}
