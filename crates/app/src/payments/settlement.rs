//! What a provider has said, and what came of it.

use domain::{
    ledger::Rejection,
    payments::{CheckSchedule, Outcome, PaymentStatus, Progress, ProviderAnswer, RetryPolicy},
};
use jiff::Timestamp;

use crate::{
    ledger::PostWithinError,
    ports::{LockedWork, Sighting, StorageError},
};

/// What a provider has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// To an order.
    Executed(ProviderAnswer),
    /// To a question.
    LookedUp(Sighting),
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It stands like this now.
    As(PaymentStatus),
    /// The same, and it is a dead letter.
    Dead,
    /// Somebody else has dealt with it meanwhile.
    Fenced,
    /// The same, and it stands like this, as if no money had moved, which is not so.
    Astray(PaymentStatus),
}

/// Why it could not be written down.
#[derive(Debug, thiserror::Error)]
pub enum SettleWorkError {
    /// The money has moved at the provider, and the ledger refuses to move it.
    #[error("the ledger refuses what the provider has done")]
    Unbooked(#[from] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// How patient workers are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patience {
    /// With what may be tried again.
    pub retry: RetryPolicy,
    /// With what nobody knows.
    pub checks: CheckSchedule,
}

impl Patience {
    /// When to ask about it again: at once if the provider has told meanwhile that there is news.
    pub(super) fn next_check(
        &self,
        progress: &Progress,
        (now, is_noticed): (Timestamp, bool),
    ) -> Timestamp {
        let doubt = progress.stage.doubt();
        let checks = doubt.map_or(0, |(_, checks)| checks + 1);
        if is_noticed {
            now
        } else {
            self.checks.next_after(checks, now)
        }
    }
}

impl From<PostWithinError> for SettleWorkError {
    fn from(error: PostWithinError) -> Self {
        match error {
            PostWithinError::Rejected(why) => Self::Unbooked(why),
            PostWithinError::Storage(why) => Self::Storage(why),
        }
    }
}

impl Report {
    /// What a provider has said by which money has moved, or is about to.
    pub const fn moving(&self) -> Option<&ProviderAnswer> {
        match self {
            Self::Executed(answer) | Self::LookedUp(Sighting::Seen(answer)) => match answer.outcome
            {
                Outcome::Succeeded | Outcome::Pending => Some(answer),
                Outcome::Declined | Outcome::Retryable | Outcome::Unknown => None,
            },
            Self::LookedUp(Sighting::NeverArrived | Sighting::NoAnswer | Sighting::NotAsked) => {
                None
            }
        }
    }

    /// Whether it leaves open what becomes of it.
    pub(super) const fn is_open(&self) -> bool {
        match self {
            Self::Executed(answer) | Self::LookedUp(Sighting::Seen(answer)) => {
                matches!(answer.outcome, Outcome::Pending | Outcome::Unknown)
            }
            Self::LookedUp(Sighting::NoAnswer | Sighting::NotAsked) => true,
            Self::LookedUp(Sighting::NeverArrived) => false,
        }
    }
}

/// A decline is an answer; whatever else ends a payment is a matter for a person.
pub(super) fn is_given_up(work: &LockedWork, report: &Report) -> bool {
    let is_declined = match report {
        Report::Executed(answer) | Report::LookedUp(Sighting::Seen(answer)) => {
            answer.outcome == Outcome::Declined
        }
        Report::LookedUp(Sighting::NeverArrived | Sighting::NoAnswer | Sighting::NotAsked) => false,
    };
    work.progress().stage.status() == PaymentStatus::Failed && !is_declined
}
