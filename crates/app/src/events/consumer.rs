//! Brings events from where they are read to where they take effect, in order, each at least once.
//!
//! The relay is one of these (from the log to the broker), and so is every consumer (from the broker to its effect). An
//! event that is refused is kept aside, with everything that happened to its aggregate later; all others go on.

use std::{collections::HashSet, sync::Arc, time::Duration};

use jiff::SignedDuration;
use tracing::Instrument as _;

use super::{LoggedEvent, followed::Followed};
use crate::{
    ports::{
        BrokerError, Clock, Delivered, EventSink, HeldEvent, HeldEvents, LostShard, NextAttempt,
        SinkUnavailable, StorageError, Subscription,
    },
    traces::Span,
};

/// How often an event is tried before it is a dead letter.
pub const ATTEMPTS_MAX: u32 = 10;

/// How long whoever claims an event that waits has for one attempt.
const CLAIM: SignedDuration = SignedDuration::from_secs(30);

/// Why a round could not be finished. It is begun anew after a while, and nothing is lost.
#[derive(Debug, thiserror::Error)]
pub enum ConsumeError {
    /// The events could not be read, or not be acknowledged.
    #[error("events cannot be received")]
    Receive(#[from] BrokerError),
    /// The sink took nothing.
    #[error(transparent)]
    Deliver(#[from] SinkUnavailable),
    /// What was refused could not be kept aside.
    #[error("what was refused cannot be kept")]
    Hold(#[from] StorageError),
}

/// What a consumer is made of.
pub struct EventConsumer {
    /// Its name in metrics, and among the dead letters.
    pub name: &'static str,
    /// Where its events go.
    pub sink: Arc<dyn EventSink>,
    /// Where the refused ones wait.
    pub held: Arc<dyn HeldEvents>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How many events are taken at once.
    pub batch: usize,
}

impl EventConsumer {
    /// Receives and delivers once, and tells how many events it were.
    pub async fn round(
        &self,
        from: &mut dyn Subscription,
        wait: Duration,
    ) -> Result<usize, ConsumeError> {
        let events = from.receive(self.batch, wait).await?;
        let taken = if events.is_empty() {
            self.sink.look_back().await.map_err(ConsumeError::from)
        } else {
            self.take(&events).await
        };
        match taken {
            Ok(()) if events.is_empty() => Ok(0),
            Ok(()) => {
                from.acknowledge().await?;
                Ok(events.len())
            }
            Err(error) => {
                if let ConsumeError::Deliver(SinkUnavailable::Lost(shards)) = &error {
                    self.rewind(shards, from).await?;
                }
                Err(error)
            }
        }
    }

    async fn rewind(
        &self,
        shards: &[LostShard],
        from: &mut dyn Subscription,
    ) -> Result<(), ConsumeError> {
        for lost in shards {
            tracing::warn!(
                consumer = self.name,
                shard = lost.shard,
                after = lost.resume_after.as_i64(),
                "events were lost and come again"
            );
            from.rewind(lost.shard, lost.resume_after).await?;
        }
        Ok(())
    }

    /// Tries again what waits and is due, and tells how many events it were.
    pub async fn retry(&self) -> Result<usize, ConsumeError> {
        let now = self.clock.now();
        let due = self.held.claim_due(self.name, now, now + CLAIM).await?;
        for held in &due {
            self.retry_one(held).await?;
        }
        Ok(due.len())
    }

    async fn take(&self, events: &[LoggedEvent]) -> Result<(), ConsumeError> {
        let aggregates: Vec<_> = events.iter().map(|it| it.event.aggregate_id).collect();
        let mut held = self.held.find_held(self.name, &aggregates).await?;
        let is_held = |it: &&LoggedEvent| held.contains(&it.event.aggregate_id);
        let mut aside: Vec<_> = events
            .iter()
            .filter(is_held)
            .map(|it| (it.clone(), None))
            .collect();
        let free: Vec<_> = events.iter().filter(|it| !is_held(it)).cloned().collect();
        aside.extend(self.deliver(free, &mut held).await?);
        if !aside.is_empty() {
            let next = self.clock.now() + pause_after(1);
            self.held.hold(self.name, &aside, next).await?;
        }
        Ok(())
    }

    /// Delivers what can be, and tells what has to be kept aside: what was refused, and what comes behind it.
    async fn deliver(
        &self,
        events: Vec<LoggedEvent>,
        held: &mut HashSet<uuid::Uuid>,
    ) -> Result<Vec<(LoggedEvent, Option<String>)>, ConsumeError> {
        let mut aside = Vec::new();
        let runs = if self.sink.refuses_what_comes_behind() {
            vec![events]
        } else {
            runs(events)
        };
        for run in runs {
            let (free, behind): (Vec<_>, Vec<_>) = run
                .into_iter()
                .partition(|it| !held.contains(&it.event.aggregate_id));
            aside.extend(behind.into_iter().map(|it| (it, None)));
            if free.is_empty() {
                continue;
            }
            let (free, outcomes) = self.hand_over(free).await?;
            self.count(&outcomes);
            for (event, outcome) in free.into_iter().zip(outcomes) {
                if let Delivered::Refused(reason) = outcome {
                    tracing::warn!(consumer = self.name, event = %event.event.id, reason, "an event was refused");
                    let is_first = held.insert(event.event.aggregate_id);
                    aside.push((event, is_first.then_some(reason)));
                }
            }
        }
        Ok(aside)
    }

    /// Delivers events, each of which goes on with its trace.
    async fn hand_over(
        &self,
        mut events: Vec<LoggedEvent>,
    ) -> Result<(Vec<LoggedEvent>, Vec<Delivered>), ConsumeError> {
        let followed = Followed::begin(self.name, self.sink.as_ref(), &mut events);
        let nothing = Span::default();
        let around = followed.first().unwrap_or(&nothing);
        let delivering = around.around(self.sink.deliver(&events));
        let outcomes = delivering.instrument(around.in_log()).await;
        followed.end(outcomes.as_deref().ok());
        Ok((events, outcomes?))
    }

    async fn retry_one(&self, held: &HeldEvent) -> Result<(), ConsumeError> {
        let id = held.event.event.id;
        let (_, outcomes) = self.hand_over(vec![held.event.clone()]).await?;
        self.count(&outcomes);
        let Some(Delivered::Refused(reason)) = outcomes.into_iter().next() else {
            return Ok(self.held.release(self.name, id).await?);
        };
        let attempts = held.attempts + 1;
        let next = if attempts < ATTEMPTS_MAX {
            NextAttempt::At(self.clock.now() + pause_after(attempts))
        } else {
            tracing::error!(consumer = self.name, event = %id, reason, "an event is a dead letter now");
            metrics::counter!("dead_letters_total", "consumer" => self.name).increment(1);
            NextAttempt::Never
        };
        Ok(self.held.note_failure(self.name, id, &reason, next).await?)
    }

    fn count(&self, outcomes: &[Delivered]) {
        let refused = outcomes
            .iter()
            .filter(|it| matches!(it, Delivered::Refused(_)))
            .count();
        let total = |outcome: &'static str, count: usize| {
            metrics::counter!("messages_consumed_total", "consumer" => self.name, "outcome" => outcome)
                .increment(u64::try_from(count).unwrap_or_default());
        };
        total("taken", outcomes.len() - refused);
        if refused > 0 {
            total("refused", refused);
        }
    }
}

/// Pieces in which no aggregate comes twice, so that a refused event is seen before the next of its aggregate is sent. The
/// order within each aggregate is kept; there is one piece unless an aggregate has changed twice.
fn runs(events: Vec<LoggedEvent>) -> Vec<Vec<LoggedEvent>> {
    let mut runs: Vec<(HashSet<uuid::Uuid>, Vec<LoggedEvent>)> = Vec::new();
    for event in events {
        let aggregate = event.event.aggregate_id;
        let behind = runs.iter().rposition(|(seen, _)| seen.contains(&aggregate));
        let at = behind.map_or(0, |last| last + 1);
        if at == runs.len() {
            runs.push((HashSet::new(), Vec::new()));
        }
        let (seen, run) = &mut runs[at];
        seen.insert(aggregate);
        run.push(event);
    }
    runs.into_iter().map(|(_, run)| run).collect()
}

/// How long an event rests after so many attempts: 1 s, 2 s, 4 s … 5 minutes.
fn pause_after(attempts: u32) -> SignedDuration {
    let seconds = 1_i64 << attempts.saturating_sub(1).min(9);
    SignedDuration::from_secs(seconds.min(300))
}
