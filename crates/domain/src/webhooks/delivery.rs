//! The delivery of one event to one endpoint.

use jiff::{SignedDuration, Timestamp};

use super::{Jitter, pause_after};
use crate::ids::{EventId, OrganizationId, WebhookDeliveryId, WebhookId};

/// Why an attempt got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendFailure {
    /// It took too long.
    TimedOut,
    /// There was no connection: the name is unknown, nobody listens, or no encryption could be agreed on.
    Unreachable,
    /// The name leads to an address that nothing is sent to.
    AddressRefused,
    /// The connection broke off, or what came was no HTTP.
    Broken,
    /// The secret could not be opened.
    Unsigned,
}

impl SendFailure {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::TimedOut,
        Self::Unreachable,
        Self::AddressRefused,
        Self::Broken,
        Self::Unsigned,
    ];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TimedOut => "timed_out",
            Self::Unreachable => "unreachable",
            Self::AddressRefused => "address_refused",
            Self::Broken => "broken",
            Self::Unsigned => "unsigned",
        }
    }

    /// The failure of this word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.code() == code)
    }
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// An answer with this HTTP status.
    Answered(u16),
    /// No answer.
    Failed(SendFailure),
}

impl AttemptOutcome {
    /// Whether the event has arrived: any status from 200 to 299.
    pub const fn is_success(self) -> bool {
        matches!(self, Self::Answered(200..=299))
    }

    /// Whether the endpoint wants nothing more, ever: 410 (RFC 9110, 15.5.11).
    pub const fn is_farewell(self) -> bool {
        matches!(self, Self::Answered(410))
    }
}

/// One attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When it was begun.
    pub at: Timestamp,
    /// How long it took.
    pub took_ms: u32,
    /// What came of it.
    pub outcome: AttemptOutcome,
}

impl Attempt {
    /// When it was over.
    pub fn ended_at(&self) -> Timestamp {
        self.at + SignedDuration::from_millis(self.took_ms.into())
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is to be tried, once more or for the first time.
    Pending {
        /// Not before then.
        next_attempt_at: Timestamp,
    },
    /// It has arrived.
    Delivered,
    /// It was tried often enough, or the endpoint wants nothing more.
    Failed,
}

impl DeliveryState {
    /// The words of all states.
    pub const CODES: [&'static str; 3] = ["pending", "delivered", "failed"];

    /// Its word.
    pub const fn code(self) -> &'static str {
        let [pending, delivered, failed] = Self::CODES;
        match self {
            Self::Pending { .. } => pending,
            Self::Delivered => delivered,
            Self::Failed => failed,
        }
    }

    /// When it is tried next, if it is.
    pub const fn next_attempt_at(self) -> Option<Timestamp> {
        match self {
            Self::Pending { next_attempt_at } => Some(next_attempt_at),
            Self::Delivered | Self::Failed => None,
        }
    }
}

/// All that is stored of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryFacts {
    /// Which one.
    pub id: WebhookDeliveryId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// To which endpoint.
    pub webhook_id: WebhookId,
    /// Of which event.
    pub event_id: EventId,
    /// The event's type.
    pub event_type: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried since it was begun, or begun anew.
    pub attempts: u32,
    /// The last attempt.
    pub last_attempt: Option<Attempt>,
    /// Since when it is there.
    pub created_at: Timestamp,
}

/// The delivery of one event to one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    facts: DeliveryFacts,
}

impl Delivery {
    /// Rebuilds a stored delivery. For storage adapters only: no rule is checked.
    pub const fn restore(facts: DeliveryFacts) -> Self {
        Self { facts }
    }

    /// Takes note of an attempt, and plans the next one if it has to be.
    pub fn note(&mut self, attempt: Attempt, jitter: Jitter) {
        self.facts.attempts = self.facts.attempts.saturating_add(1);
        self.facts.last_attempt = Some(attempt);
        let outcome = attempt.outcome;
        self.facts.state = match pause_after(self.facts.attempts, jitter) {
            _ if outcome.is_success() => DeliveryState::Delivered,
            Some(pause) if !outcome.is_farewell() => DeliveryState::Pending {
                next_attempt_at: attempt.ended_at() + pause,
            },
            Some(_) | None => DeliveryState::Failed,
        };
    }

    /// Begins anew, whatever has come of it: at once, and with all its attempts.
    pub fn begin_anew(&mut self, now: Timestamp) {
        self.facts.attempts = 0;
        self.facts.state = DeliveryState::Pending {
            next_attempt_at: now,
        };
    }

    /// What is known of it.
    pub const fn facts(&self) -> &DeliveryFacts {
        &self.facts
    }
}

#[cfg(test)]
mod tests;
