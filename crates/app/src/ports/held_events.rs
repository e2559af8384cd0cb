//! Events that could not be delivered: they wait here, and everything that happened to the same aggregate behind them.

use std::collections::HashSet;

use async_trait::async_trait;
use domain::ids::EventId;
use jiff::Timestamp;
use uuid::Uuid;

use super::StorageError;
use crate::events::LoggedEvent;

/// An event that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldEvent {
    /// The event.
    pub event: LoggedEvent,
    /// How often it was tried in vain; 0 when it only waits behind another one.
    pub attempts: u32,
}

/// What to do after a further attempt has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextAttempt {
    /// Try again then.
    At(Timestamp),
    /// Never, unless a person asks for it: it is a dead letter from now on.
    Never,
}

/// An event that nobody tries to deliver any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// To whom it could not be delivered: `relay`, or a group of consumers.
    pub consumer: String,
    /// The event.
    pub event: LoggedEvent,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it failed the last time.
    pub reason: String,
    /// Since when it is given up.
    pub dead_since: Timestamp,
    /// How many later events of the same aggregate wait behind it.
    pub waiting_behind: u64,
}

/// Keeps what could not be delivered, by consumer.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait HeldEvents: Send + Sync {
    /// Which of these aggregates have events that wait.
    async fn find_held(
        &self,
        consumer: &str,
        aggregates: &[Uuid],
    ) -> Result<HashSet<Uuid>, StorageError>;

    /// Keeps events, each with the reason for which it was refused, or none if it only waits behind one of its
    /// aggregate. Those that are kept already MUST stay as they are.
    async fn hold(
        &self,
        consumer: &str,
        events: &[(LoggedEvent, Option<String>)],
        next_attempt_at: Timestamp,
    ) -> Result<(), StorageError>;

    /// Claims what is due until `claimed_until`: of each aggregate the first event that waits, unless it is a dead letter.
    /// Nobody else MUST be given the same before then.
    async fn claim_due(
        &self,
        consumer: &str,
        now: Timestamp,
        claimed_until: Timestamp,
    ) -> Result<Vec<HeldEvent>, StorageError>;

    /// Forgets an event that has been delivered, and makes the next of its aggregate due.
    async fn release(&self, consumer: &str, event_id: EventId) -> Result<(), StorageError>;

    /// Notes a failed attempt.
    async fn note_failure(
        &self,
        consumer: &str,
        event_id: EventId,
        reason: &str,
        next: NextAttempt,
    ) -> Result<(), StorageError>;
}

/// The dead letters, for the person who looks after them.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait DeadLetters: Send + Sync {
    /// All of them, oldest first, `limit` at most.
    async fn list_dead(&self, limit: u32) -> Result<Vec<DeadLetter>, StorageError>;

    /// Makes one due again, as if it had never been tried; all of them if none is named. Tells how many it were.
    async fn retry(&self, event_id: Option<EventId>) -> Result<u64, StorageError>;

    /// Forgets one without delivering it, so that its aggregate's later events go on. Tells whether there was one.
    async fn discard(&self, event_id: EventId) -> Result<bool, StorageError>;
}
