//! Pieces of work as closures.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use app::ports::{Isolation, Outcome, StorageError, Touched, TransactionSpec, UnitOfWork, Work};
use async_trait::async_trait;
use futures_util::future::BoxFuture;
use tokio::{sync::oneshot, task::JoinHandle};

/// How transactions of tests are opened.
pub(crate) const SPEC: TransactionSpec = TransactionSpec {
    name: "test",
    isolation: Isolation::ReadCommitted,
};

/// A closure as a piece of work.
pub(crate) struct Piece<F>(F);

/// A closure as a piece of work.
pub(crate) const fn piece<F>(piece: F) -> Piece<F>
where
    F: for<'u> FnMut(&'u mut (dyn UnitOfWork + 'u)) -> BoxFuture<'u, Outcome> + Send,
{
    Piece(piece)
}

#[async_trait]
impl<F> Work for Piece<F>
where
    F: for<'u> FnMut(&'u mut (dyn UnitOfWork + 'u)) -> BoxFuture<'u, Outcome> + Send,
{
    async fn attempt(&mut self, uow: &mut dyn UnitOfWork) -> Outcome {
        (self.0)(uow).await
    }
}

/// A piece of work that gives a value, and that is kept when it succeeds.
pub(super) struct Writing<F, T> {
    piece: F,
    pub(super) result: Option<Result<T, StorageError>>,
}

impl<F, T> Writing<F, T> {
    pub(super) const fn new(piece: F) -> Self {
        Self {
            piece,
            result: None,
        }
    }
}

#[async_trait]
impl<F, T> Work for Writing<F, T>
where
    T: Send,
    F: for<'u> FnMut(&'u mut (dyn UnitOfWork + 'u)) -> BoxFuture<'u, Result<T, StorageError>>
        + Send,
{
    async fn attempt(&mut self, uow: &mut dyn UnitOfWork) -> Outcome {
        let result = (self.piece)(uow).await;
        let outcome = match result {
            Ok(_) => Outcome::Commit,
            Err(_) => Outcome::Rollback,
        };
        self.result = Some(result);
        outcome
    }
}

/// A transaction that has done its work, and stays open until it is told how to end.
pub(crate) struct Held {
    pub(super) end: oneshot::Sender<Outcome>,
    pub(super) running: JoinHandle<Result<Vec<Touched>, StorageError>>,
}

impl Held {
    pub(crate) async fn end(self, outcome: Outcome) -> Result<Vec<Touched>, StorageError> {
        self.end.send(outcome).unwrap();
        self.running.await.unwrap()
    }
}

/// Polls a future so many times, and drops it if it is not ready then.
pub(crate) async fn drop_after_polls<F: Future>(polls: u32, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut polled = 0;
    poll_fn(|context| {
        if polled == polls {
            return Poll::Ready(None);
        }
        polled += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if polled == polls => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
