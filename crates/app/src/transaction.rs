//! Runs command handlers in transactions.

use std::sync::Arc;

use async_trait::async_trait;
use tracing::Instrument;

use crate::ports::{
    CommitListener, Isolation, Outcome, StorageError, Touched, TransactionSpec, Transactor,
    UnitOfWork, Work,
};
use crate::traces::{self, SpanKind};

/// One use case: what to do about a command, inside a transaction that somebody else opened.
pub trait CommandHandler<C>: Send + Sync + 'static {
    /// What the caller gets.
    type Output: Send;
    /// Why it may be refused.
    type Error: From<StorageError> + Send;

    /// Names the use case in metrics and traces.
    const NAME: &'static str;

    /// The isolation it needs.
    const ISOLATION: Isolation = Isolation::ReadCommitted;

    /// Handles the command. May be called again with the same command, after a lost race.
    fn handle(
        &self,
        command: &C,
        uow: &mut dyn UnitOfWork,
    ) -> impl Future<Output = Result<Self::Output, Self::Error>> + Send;
}

/// Runs each command in a transaction of its own: kept when the handler succeeds, undone when not.
#[derive(Clone)]
pub struct CommandBus {
    transactor: Arc<dyn Transactor>,
    listeners: Arc<[Arc<dyn CommitListener>]>,
}

impl CommandBus {
    /// A bus on top of a transactor. The listeners hear of every commit, before it and after it.
    pub fn new(
        transactor: Arc<dyn Transactor>,
        listeners: impl IntoIterator<Item = Arc<dyn CommitListener>>,
    ) -> Self {
        Self {
            transactor,
            listeners: listeners.into_iter().collect(),
        }
    }

    /// Executes a command, to its end even when the caller stops waiting: a commit is never left without its listeners
    /// having heard of it.
    pub async fn execute<H, C>(&self, handler: Arc<H>, command: C) -> Result<H::Output, H::Error>
    where
        H: CommandHandler<C>,
        C: Send + Sync + 'static,
        H::Output: 'static,
        H::Error: 'static,
    {
        let bus = self.clone();
        let span = traces::child(SpanKind::Internal, H::NAME);
        let running = span.around(async move { bus.run(handler.as_ref(), &command).await });
        match tokio::spawn(running.in_current_span()).await {
            Ok(result) => result,
            Err(failed) if failed.is_panic() => Err(StorageError::Corrupt {
                entity: "state that a command panicked at",
                source: Box::new(failed),
            }
            .into()),
            Err(failed) => Err(StorageError::Unavailable(Box::new(failed)).into()),
        }
    }

    async fn run<H, C>(&self, handler: &H, command: &C) -> Result<H::Output, H::Error>
    where
        H: CommandHandler<C>,
        C: Sync,
    {
        let mut run = Run {
            handler,
            command,
            listeners: &self.listeners,
            result: None,
            in_doubt: Vec::new(),
        };
        let spec = TransactionSpec {
            name: H::NAME,
            isolation: H::ISOLATION,
        };
        let done = self.transactor.run(spec, &mut run).await;
        // What may have happened is announced as well: to forget too much harms nobody.
        let touched = done.as_ref().unwrap_or(&run.in_doubt);
        if !touched.is_empty() {
            for listener in self.listeners.iter() {
                listener.committed(touched).await;
            }
        }
        done?;
        run.result.unwrap_or_else(|| {
            let nothing_ran = "the transactor reported success without running the work";
            Err(StorageError::Unavailable(nothing_ran.into()).into())
        })
    }
}

struct Run<'a, H: CommandHandler<C>, C> {
    handler: &'a H,
    command: &'a C,
    listeners: &'a [Arc<dyn CommitListener>],
    result: Option<Result<H::Output, H::Error>>,
    in_doubt: Vec<Touched>,
}

#[async_trait]
impl<H: CommandHandler<C>, C: Sync> Work for Run<'_, H, C> {
    async fn attempt(&mut self, uow: &mut dyn UnitOfWork) -> Outcome {
        let result = self.handler.handle(self.command, uow).await;
        let outcome = if result.is_ok() {
            Outcome::Commit
        } else {
            Outcome::Rollback
        };
        self.result = Some(result);
        outcome
    }

    async fn about_to_commit(&mut self, touched: &[Touched]) {
        for listener in self.listeners {
            listener.committing(touched).await;
        }
    }

    fn in_doubt(&mut self, touched: Vec<Touched>) {
        self.in_doubt = touched;
    }
}

#[cfg(test)]
mod tests;
