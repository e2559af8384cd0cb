//! What payments do to an invoice.

use jiff::{Timestamp, tz::TimeZone};

use super::{Invoice, InvoiceHasPayments};
use crate::{
    invoicing::{InvoiceEvent, InvoiceState, InvoiceStatus, PaidAmount, StatusChange},
    ledger::TransferAmount,
    values::Currency,
};

/// Nobody owes anything on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only an issued invoice can be paid, and this invoice is {0}")]
pub struct NotPayable(pub InvoiceStatus);

/// More would be paid than is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{due_minor} minor units are due on the invoice, of which {running_minor} are being paid already; {asked_minor} were to be"
)]
pub struct PaymentExceedsAmountDue {
    /// What is due, in minor units.
    pub due_minor: i64,
    /// What other payments may be about to pay, in minor units.
    pub running_minor: i64,
    /// What was to be paid, in minor units.
    pub asked_minor: i64,
}

/// Why a payment does not settle an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PayInvoiceError {
    /// Nobody owes anything on it.
    #[error(transparent)]
    NotPayable(#[from] NotPayable),
    /// It is in another currency.
    #[error("the invoice is in {}, the payment in {}", expected.code(), actual.code())]
    CurrencyMismatch {
        /// What the invoice is in.
        expected: Currency,
        /// What the payment is in.
        actual: Currency,
    },
    /// More would be paid than is due.
    #[error(transparent)]
    Exceeds(#[from] PaymentExceedsAmountDue),
}

impl Invoice {
    /// Refuses a payment that the invoice has no room for, beside what other payments may be about to pay.
    pub fn check_payable(
        &self,
        amount: TransferAmount,
        currency: Currency,
        running_minor: i64,
    ) -> Result<(), PayInvoiceError> {
        let status = self.facts.state.status();
        if matches!(status, InvoiceStatus::Draft | InvoiceStatus::Cancelled) {
            return Err(NotPayable(status).into());
        }
        let expected = self.facts.contents.currency;
        if currency != expected {
            return Err(PayInvoiceError::CurrencyMismatch {
                expected,
                actual: currency,
            });
        }
        Ok(self.check_room(amount.as_minor(), running_minor)?)
    }

    /// Refuses to be settled or withdrawn otherwise while payments may be about to pay it.
    pub const fn refuse_while_paying(&self, running_minor: i64) -> Result<(), InvoiceHasPayments> {
        match running_minor {
            0 => Ok(()),
            minor => Err(InvoiceHasPayments(minor)),
        }
    }

    /// Takes note of what was paid; with the last of it the invoice is settled.
    pub fn receive(&mut self, paid: PaidAmount, now: Timestamp) -> Result<(), PayInvoiceError> {
        let status = self.facts.state.status();
        let Some(issue) = self.facts.state.issue().filter(|_| status.is_open()) else {
            return Err(NotPayable(status).into());
        };
        self.check_room(paid.amount_minor, 0)?;
        let is_settled = paid.amount_minor == self.facts.amount_due_minor();
        let change = if is_settled {
            let issue = issue.clone();
            self.facts.state = InvoiceState::Paid {
                issue,
                paid_at: now,
            };
            Some(self.step_from(status))
        } else {
            None
        };
        self.facts.amount_paid_minor += paid.amount_minor;
        self.touch(now);
        self.events.push(InvoiceEvent::PaymentReceived {
            invoice: Box::new(self.facts.clone()),
            paid,
            change,
        });
        Ok(())
    }

    /// Takes note of what was given back of a payment: that is due again. An invoice that was settled is open again; no
    /// client takes it there, so this step is not in the table of the life cycle.
    pub fn give_back(&mut self, paid: PaidAmount, now: Timestamp) {
        let status = self.facts.state.status();
        let mut change = None;
        if let InvoiceState::Paid { issue, .. } = &self.facts.state {
            let today = now.to_zoned(TimeZone::UTC).date();
            let issue = issue.clone();
            self.facts.state = if self.facts.contents.due_date.is_over_on(today) {
                InvoiceState::Overdue(issue)
            } else {
                InvoiceState::Sent(issue)
            };
            change = Some(self.step_from(status));
        }
        self.facts.amount_paid_minor -= paid.amount_minor;
        self.touch(now);
        self.events.push(InvoiceEvent::PaymentRefunded {
            invoice: Box::new(self.facts.clone()),
            paid,
            change,
        });
    }

    const fn check_room(
        &self,
        asked_minor: i64,
        running_minor: i64,
    ) -> Result<(), PaymentExceedsAmountDue> {
        let due_minor = self.facts.amount_due_minor();
        if asked_minor > due_minor - running_minor {
            return Err(PaymentExceedsAmountDue {
                due_minor,
                running_minor,
                asked_minor,
            });
        }
        Ok(())
    }

    const fn step_from(&self, from: InvoiceStatus) -> StatusChange {
        StatusChange {
            from,
            to: self.facts.state.status(),
        }
    }
}

#[cfg(test)]
mod tests;
