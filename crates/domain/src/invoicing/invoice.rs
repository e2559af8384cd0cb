//! The invoice aggregate.

mod discounting;
mod paying;
mod reviewing;

use jiff::Timestamp;

pub use self::paying::{NotPayable, PayInvoiceError, PaymentExceedsAmountDue};
use super::{
    InvoiceContents, InvoiceEvent, InvoiceFacts, InvoiceNumber, InvoiceState, InvoiceStatus, Issue,
    Party, Review, ReviewRejected, StatusChange, Totals, TransitionForbidden,
};
use crate::{
    ids::{InvoiceId, OrganizationId},
    values::AmountOutOfRange,
    version::Version,
};

/// Its contents are frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only a draft can be changed, and this invoice is {0}")]
pub struct NotEditable(pub InvoiceStatus);

/// It is part of the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only a draft can be deleted, and this invoice is {0}{otherwise}", otherwise = way_out(*.0))]
pub struct NotDeletable(pub InvoiceStatus);

/// What can be done with an invoice that cannot be deleted: nothing, where its status is final.
fn way_out(status: InvoiceStatus) -> &'static str {
    match status.check_transition(InvoiceStatus::Cancelled) {
        Ok(()) => "; cancel it instead",
        Err(_final) => "",
    }
}

/// Money was paid on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} minor units were paid on the invoice; refund them first")]
pub struct InvoiceHasPayments(pub i64);

/// Why a draft was not rewritten.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RewriteError {
    /// It is no draft any more.
    #[error(transparent)]
    NotEditable(#[from] NotEditable),
    /// Its new totals cannot be told.
    #[error(transparent)]
    AmountOutOfRange(#[from] AmountOutOfRange),
}

/// How an invoice gets to where it was asked to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// By [`Invoice::issue`], under the number that the client has chosen, or else one from the organization's series.
    Issue(Option<InvoiceNumber>),
    /// By [`Invoice::advance`], after which its number is one of a cancelled invoice.
    Withdraw,
    /// By [`Invoice::advance`].
    Advance,
}

/// Why a status was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeStatusError {
    /// The life cycle has no such step.
    #[error(transparent)]
    Forbidden(#[from] TransitionForbidden),
    /// Money was paid on it.
    #[error(transparent)]
    HasPayments(#[from] InvoiceHasPayments),
    /// Its review has rejected it.
    #[error(transparent)]
    ReviewRejected(#[from] ReviewRejected),
}

/// An invoice.
#[derive(Debug, Clone, PartialEq)]
pub struct Invoice {
    facts: InvoiceFacts,
    events: Vec<InvoiceEvent>,
}

impl Invoice {
    /// Drafts an invoice.
    pub fn draft(
        id: InvoiceId,
        organization_id: OrganizationId,
        contents: InvoiceContents,
        now: Timestamp,
    ) -> Result<Self, AmountOutOfRange> {
        let facts = InvoiceFacts {
            id,
            organization_id,
            totals: Totals::of(&contents.items, 0, contents.rounding)?,
            contents,
            amount_paid_minor: 0,
            state: InvoiceState::Draft,
            review: Review::FIRST,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        };
        Ok(Self {
            events: vec![InvoiceEvent::Created(Box::new(facts.clone()))],
            facts,
        })
    }

    /// Rebuilds a stored invoice. For storage adapters only: no rule is checked.
    pub const fn restore(facts: InvoiceFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
        }
    }

    /// Refuses when the contents are frozen.
    pub const fn check_editable(&self) -> Result<(), NotEditable> {
        match self.facts.state.status() {
            InvoiceStatus::Draft => Ok(()),
            status => Err(NotEditable(status)),
        }
    }

    /// Replaces what is written on a draft, and adds it up again, with the same discount.
    pub fn rewrite(
        &mut self,
        contents: InvoiceContents,
        now: Timestamp,
    ) -> Result<(), RewriteError> {
        self.rewrite_with(contents, self.facts.totals.discount_minor, now)
    }

    /// How it can get to `to`, if it may.
    pub fn step_to(&self, to: InvoiceStatus) -> Result<Step, ChangeStatusError> {
        self.facts.state.status().check_transition(to)?;
        Ok(match to {
            InvoiceStatus::Sent => {
                self.facts.review.check_not_rejected()?;
                Step::Issue(self.facts.contents.number.clone())
            }
            InvoiceStatus::Cancelled => Step::Withdraw,
            InvoiceStatus::Draft
            | InvoiceStatus::Viewed
            | InvoiceStatus::Overdue
            | InvoiceStatus::Paid => Step::Advance,
        })
    }

    /// Issues a draft to its customer: its number and contents are fixed from now on. One on which nothing is due is settled by
    /// that, since no payment will ever do it.
    pub fn issue(
        &mut self,
        number: InvoiceNumber,
        seller: Party,
        now: Timestamp,
    ) -> Result<(), ChangeStatusError> {
        self.facts
            .state
            .status()
            .check_transition(InvoiceStatus::Sent)?;
        self.facts.review.check_not_rejected()?;
        self.enter(
            InvoiceState::Sent(Issue {
                number,
                issued_at: now,
                seller,
            }),
            now,
        );
        match self.facts.amount_due_minor() {
            0 => self.advance(InvoiceStatus::Paid, now),
            _ => Ok(()),
        }
    }

    /// Takes a step in its life other than being issued.
    pub fn advance(&mut self, to: InvoiceStatus, now: Timestamp) -> Result<(), ChangeStatusError> {
        let forbidden = TransitionForbidden {
            from: self.facts.state.status(),
            to,
        };
        self.facts.state.status().check_transition(to)?;
        let issue = self.facts.state.issue().cloned();
        let next = match (to, issue) {
            (InvoiceStatus::Viewed, Some(issue)) => InvoiceState::Viewed(issue),
            (InvoiceStatus::Overdue, Some(issue)) => InvoiceState::Overdue(issue),
            (InvoiceStatus::Paid, Some(issue)) => {
                self.facts.amount_paid_minor = self.facts.totals.total_minor;
                InvoiceState::Paid {
                    issue,
                    paid_at: now,
                }
            }
            (InvoiceStatus::Cancelled, issue) => {
                self.refuse_when_paid_on()?;
                InvoiceState::Cancelled {
                    issue,
                    cancelled_at: now,
                }
            }
            _ => return Err(forbidden.into()),
        };
        self.enter(next, now);
        Ok(())
    }

    /// Deletes a draft. The caller removes it from storage.
    pub fn delete(&mut self, now: Timestamp) -> Result<(), NotDeletable> {
        let status = self.facts.state.status();
        if status != InvoiceStatus::Draft {
            return Err(NotDeletable(status));
        }
        self.touch(now);
        let last = Box::new(self.facts.clone());
        self.events.push(InvoiceEvent::Deleted(last));
        Ok(())
    }

    /// What is known of it.
    pub const fn facts(&self) -> &InvoiceFacts {
        &self.facts
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<InvoiceEvent> {
        std::mem::take(&mut self.events)
    }

    const fn refuse_when_paid_on(&self) -> Result<(), InvoiceHasPayments> {
        match self.facts.amount_paid_minor {
            0 => Ok(()),
            paid => Err(InvoiceHasPayments(paid)),
        }
    }

    fn enter(&mut self, state: InvoiceState, now: Timestamp) {
        let change = StatusChange {
            from: self.facts.state.status(),
            to: state.status(),
        };
        self.facts.state = state;
        self.touch(now);
        let invoice = Box::new(self.facts.clone());
        self.events
            .push(InvoiceEvent::StatusChanged { invoice, change });
    }

    fn touch(&mut self, now: Timestamp) {
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
    }
}

#[cfg(test)]
pub(super) mod tests;
