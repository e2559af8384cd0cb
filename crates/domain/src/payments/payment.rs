//! The payment aggregate.

mod refunding;

use jiff::Timestamp;

pub use self::refunding::{NotRefundable, RefundExceedsPayment, RefundRefusal};
use super::{
    FollowUp, PaymentEvent, PaymentFacts, PaymentKind, PaymentStatus, PaymentTransitionForbidden,
    Progress, ProviderAnswer, RetryDecision, Stage, Step,
};
use crate::{
    ids::{HoldId, InvoiceId, OrganizationId, PaymentId},
    ledger::{TransferAmount, TransferDescription},
    values::{Currency, Metadata},
    version::Version,
};

/// What somebody wants to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentOrder {
    /// What sort of payment it is.
    pub kind: PaymentKind,
    /// How much.
    pub amount: TransferAmount,
    /// In what.
    pub currency: Currency,
    /// The invoice that it settles, in part or whole.
    pub invoice_id: Option<InvoiceId>,
    /// What it is for.
    pub description: Option<TransferDescription>,
    /// The client's notes.
    pub metadata: Metadata,
}

impl PaymentOrder {
    /// The payment that comes of it.
    fn begun(
        self,
        (id, organization_id): (PaymentId, OrganizationId),
        progress: Progress,
        now: Timestamp,
    ) -> PaymentFacts {
        PaymentFacts {
            id,
            organization_id,
            kind: self.kind,
            amount: self.amount,
            currency: self.currency,
            invoice_id: self.invoice_id,
            description: self.description,
            metadata: self.metadata,
            progress,
            refunded_minor: 0,
            refunding_minor: 0,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        }
    }
}

/// It cannot be called off any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only a pending payment can be cancelled, and this payment is {0}")]
pub struct NotCancellable(pub PaymentStatus);

/// A payment.
#[derive(Debug, Clone, PartialEq)]
pub struct Payment {
    facts: PaymentFacts,
    events: Vec<PaymentEvent>,
}

impl Payment {
    /// Accepts an order that goes through a provider: it waits for a worker.
    pub fn accept(
        id: PaymentId,
        organization_id: OrganizationId,
        order: PaymentOrder,
        now: Timestamp,
    ) -> Self {
        debug_assert!(matches!(order.kind, PaymentKind::External(_)));
        let facts = order.begun((id, organization_id), Progress::waiting(now), now);
        Self {
            events: vec![PaymentEvent::Created(Box::new(facts.clone()))],
            facts,
        }
    }

    /// Carries out an order between two accounts: its money moves in the instant in which it is accepted, so that there is
    /// one change to tell of, not two.
    pub fn carried_out(
        id: PaymentId,
        organization_id: OrganizationId,
        order: PaymentOrder,
        now: Timestamp,
    ) -> Self {
        debug_assert!(matches!(order.kind, PaymentKind::Internal { .. }));
        let progress = Progress::at(Stage::Completed { at: now });
        let facts = order.begun((id, organization_id), progress, now);
        Self {
            events: vec![PaymentEvent::CarriedOut(Box::new(facts.clone()))],
            facts,
        }
    }

    /// Rebuilds a stored payment. For storage adapters only: no rule is checked.
    pub const fn restore(facts: PaymentFacts) -> Self {
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

    /// Calls it off, as long as nobody carries it out.
    pub fn cancel(&mut self, now: Timestamp) -> Result<(), NotCancellable> {
        let status = self.facts.status();
        self.go(now, |progress| progress.cancel(now))
            .map_err(|_forbidden| NotCancellable(status))
    }

    /// Tries again what had failed for good. The money of a payout has to be reserved anew before.
    pub fn revive(
        &mut self,
        hold_id: Option<HoldId>,
        now: Timestamp,
    ) -> Result<(), PaymentTransitionForbidden> {
        if let PaymentKind::External(leg) = &mut self.facts.kind {
            leg.hold_id = hold_id;
        }
        self.go(now, |progress| progress.revive(now))
    }

    /// What is known of it.
    pub const fn facts(&self) -> &PaymentFacts {
        &self.facts
    }

    /// What is known of it, when nothing else of it is needed any more.
    pub fn into_facts(self) -> PaymentFacts {
        self.facts
    }

    /// What happened since it was loaded and was not taken yet.
    pub fn events(&self) -> &[PaymentEvent] {
        &self.events
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<PaymentEvent> {
        std::mem::take(&mut self.events)
    }

    fn go(
        &mut self,
        now: Timestamp,
        take: impl FnOnce(&mut Progress) -> Result<Step, PaymentTransitionForbidden>,
    ) -> Result<(), PaymentTransitionForbidden> {
        let from = self.facts.status();
        if from != self.facts.progress.stage.status() {
            // Some of it was given back: it is over.
            return Err(PaymentTransitionForbidden { from, to: from });
        }
        let step = take(&mut self.facts.progress)?;
        self.note(from, step, now);
        Ok(())
    }

    fn note(&mut self, from: PaymentStatus, step: Step, now: Timestamp) {
        self.touch(now);
        let payment = Box::new(self.facts.clone());
        self.events.push(PaymentEvent::Moved {
            payment,
            from,
            step,
        });
    }

    fn touch(&mut self, now: Timestamp) {
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
    }
}

#[cfg(test)]
pub(super) mod tests;
