//! The posting engine: one commit for many transfers.
//!
//! Whoever wants transfers posted hands them over and waits. A dispatcher takes what is waiting, in its order, and gives
//! it to a lane as one batch: the lane decides it on how the accounts stand, writes it in one transaction, and then answers
//! everybody in it. Nobody waits for a batch to fill: a lone transfer is one, and batches grow while others are written.
//!
//! How accounts stand is remembered from batch to batch, so that a batch needs one round trip; the write refuses itself
//! when somebody else has changed an account since. No account is in two batches at once, so transfers of one account are
//! decided in the order in which they came; system accounts have a page per lane and stand in nobody's way.

mod batch;
mod decision;
mod dispatcher;
mod job;
mod known_answers;
mod queue;
mod standings;
mod systems;
mod trust;

use std::{sync::Arc, time::Duration};

use tokio::sync::{Semaphore, mpsc, oneshot};

pub use self::dispatcher::SIDE_LANES;
pub use self::job::{
    Ask, Party, PostTransfers, PostingError, RenderVerdict, TransferRequest, Verdict,
};
use self::{
    dispatcher::Dispatcher,
    job::{Job, Waiter},
};
use crate::{
    idempotency::Reply,
    ports::{Clock, IdGenerator, PostingStore},
    traces::{self, SpanKind},
};

/// How much the engine does at once.
#[derive(Debug, Clone, Copy)]
pub struct EngineSettings {
    /// How many transfers may wait; more are turned away.
    pub queue_max: usize,
    /// How many transfers a batch has at most, unless they were asked for together.
    pub batch_max: usize,
    /// How many batches are written at the same time.
    pub lanes: usize,
    /// How many pages of accounts are remembered.
    pub standings_max: usize,
    /// For how long a batch is tried when the storage does not answer.
    pub patience: Duration,
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            queue_max: 20_000,
            batch_max: 1_000,
            lanes: 2,
            standings_max: 200_000,
            patience: Duration::from_secs(10),
        }
    }
}

/// What the engine works with.
#[derive(Clone)]
pub struct EngineParts {
    /// What it writes to.
    pub store: Arc<dyn PostingStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes the ids of transfers and events.
    pub ids: Arc<dyn IdGenerator>,
}

/// The way into the engine. Cheap to clone; the engine ends when the last one is gone and everything is answered.
#[derive(Clone)]
pub struct PostingEngine {
    jobs: mpsc::UnboundedSender<Job>,
    places: Arc<Semaphore>,
    queue_max: usize,
}

impl PostingEngine {
    /// Starts an engine on the runtime of the caller. The future ends with the engine.
    pub fn start(
        parts: EngineParts,
        settings: EngineSettings,
    ) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (jobs, incoming) = mpsc::unbounded_channel();
        let places = Arc::new(Semaphore::new(settings.queue_max));
        let running = Dispatcher::new(parts, settings).run(incoming);
        let engine = Self {
            jobs,
            places,
            queue_max: settings.queue_max,
        };
        (engine, running)
    }

    /// Posts transfers once per key, and answers when they are committed. They are posted also when the caller stops
    /// waiting.
    pub async fn post(&self, asked: PostTransfers) -> Result<Reply, PostingError> {
        let (reply, answer) = oneshot::channel();
        // One that asks for more than fits the queue gets in when nobody else is there.
        let count = asked.ask.requests().len().clamp(1, self.queue_max);
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let places = Arc::clone(&self.places);
        let place = places
            .try_acquire_many_owned(count)
            .map_err(|_full| PostingError::Overloaded)?;
        let waiter = Waiter {
            reply,
            _place: place,
        };
        self.jobs
            .send(Job {
                asked,
                waiter,
                span: traces::child_or_current(SpanKind::Internal, "post transfers"),
                followers: Vec::new(),
            })
            .map_err(|_ended| PostingError::Stopping)?;
        answer.await.unwrap_or(Err(PostingError::Stopping))
    }

    /// Tells how many transfers wait or are being posted.
    pub fn waiting(&self) -> WaitingTransfers {
        WaitingTransfers {
            places: Arc::clone(&self.places),
            queue_max: self.queue_max,
        }
    }
}

/// How many transfers wait, at any time. Whoever has it does not keep the engine from ending.
#[derive(Clone)]
pub struct WaitingTransfers {
    places: Arc<Semaphore>,
    queue_max: usize,
}

impl WaitingTransfers {
    /// How many transfers wait or are being posted right now.
    pub fn count(&self) -> usize {
        self.queue_max
            .saturating_sub(self.places.available_permits())
    }
}

#[cfg(test)]
mod tests;
