//! The refund aggregate.

use jiff::Timestamp;

use super::{
    FollowUp, PaymentTransitionForbidden, Progress, ProviderAnswer, RefundEvent, RefundFacts,
    RetryDecision, Stage, Step,
};
use crate::{
    ids::{HoldId, OrganizationId, PaymentId, RefundId},
    ledger::TransferAmount,
    values::{Currency, InvalidValue, LengthLimits, Metadata, clean_text, text_type},
    version::Version,
};

text_type!(
    /// Why money is given back.
    RefundReason, clean_text, 1..=500
);

/// What is to be given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundOrder {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// How much.
    pub amount: TransferAmount,
    /// In what.
    pub currency: Currency,
    /// Why.
    pub reason: Option<RefundReason>,
    /// The client's notes.
    pub metadata: Metadata,
    /// What reserves the money until it has moved.
    pub hold_id: Option<HoldId>,
}

/// A refund: money of a payment that goes the way back.
#[derive(Debug, Clone, PartialEq)]
pub struct Refund {
    facts: RefundFacts,
    events: Vec<RefundEvent>,
}

impl Refund {
    /// Accepts an order that waits for a worker.
    pub fn accept(id: RefundId, order: RefundOrder, now: Timestamp) -> Self {
        Self::open(id, order, Progress::waiting(now), now)
    }

    /// Accepts an order that is carried out at once, between two accounts.
    pub fn accept_at_once(id: RefundId, order: RefundOrder, now: Timestamp) -> Self {
        let stage = Stage::Processing {
            presumed_lost_at: now,
        };
        Self::open(id, order, Progress::at(stage), now)
    }

    fn open(id: RefundId, order: RefundOrder, progress: Progress, now: Timestamp) -> Self {
        let facts = RefundFacts {
            id,
            organization_id: order.organization_id,
            payment_id: order.payment_id,
            amount: order.amount,
            currency: order.currency,
            reason: order.reason,
            metadata: order.metadata,
            hold_id: order.hold_id,
            progress,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        };
        Self {
            events: vec![RefundEvent::Created(Box::new(facts.clone()))],
            facts,
        }
    }

    /// Rebuilds a stored refund. For storage adapters only: no rule is checked.
    pub const fn restore(facts: RefundFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
        }
    }

    /// Begins an attempt. Whoever makes it is presumed to be gone at the instant given.
    pub fn begin(
        &mut self,
        presumed_lost_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), PaymentTransitionForbidden> {
        self.go(now, |progress| progress.begin(presumed_lost_at))
    }

    /// Takes the provider's answer to an attempt that is under way, or to a question about one that nobody knows about.
    pub fn settle(
        &mut self,
        answer: &ProviderAnswer,
        follow_up: FollowUp,
        now: Timestamp,
    ) -> Result<(), PaymentTransitionForbidden> {
        self.go(now, |progress| progress.settle(answer, follow_up, now))
    }

    /// Takes note that the provider has never heard of it: another attempt, or the end.
    pub fn never_arrived(
        &mut self,
        retry: RetryDecision,
        now: Timestamp,
    ) -> Result<(), PaymentTransitionForbidden> {
        self.go(now, |progress| progress.retry(retry, now))
    }

    /// Takes note that nobody knows what became of an attempt, or that the provider did not answer the question.
    pub fn doubt(
        &mut self,
        next_check_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), PaymentTransitionForbidden> {
        self.go(now, |progress| progress.doubt(next_check_at, now))
    }

    /// Takes note that the money has moved between two accounts.
    pub fn complete(&mut self, now: Timestamp) -> Result<(), PaymentTransitionForbidden> {
        self.go(now, |progress| progress.complete(now))
    }

    /// Tries again what had failed for good. Money that leaves an account has to be reserved anew before.
    pub fn revive(
        &mut self,
        hold_id: Option<HoldId>,
        now: Timestamp,
    ) -> Result<(), PaymentTransitionForbidden> {
        self.facts.hold_id = hold_id;
        self.go(now, |progress| progress.revive(now))
    }

    /// What is known of it.
    pub const fn facts(&self) -> &RefundFacts {
        &self.facts
    }

    /// What happened since it was loaded and was not taken yet.
    pub fn events(&self) -> &[RefundEvent] {
        &self.events
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<RefundEvent> {
        std::mem::take(&mut self.events)
    }

    fn go(
        &mut self,
        now: Timestamp,
        take: impl FnOnce(&mut Progress) -> Result<Step, PaymentTransitionForbidden>,
    ) -> Result<(), PaymentTransitionForbidden> {
        let from = self.facts.status();
        let step = take(&mut self.facts.progress)?;
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
        let refund = Box::new(self.facts.clone());
        self.events.push(RefundEvent::Moved { refund, from, step });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
