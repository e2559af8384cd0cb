//! What is given back of a payment.

use jiff::Timestamp;

use super::{Payment, PaymentEvent, PaymentStatus};
use crate::{ids::RefundId, ledger::TransferAmount, payments::GivenBack};

/// The money has not moved, so there is nothing to give back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only a completed payment can be refunded, and this payment is {0}")]
pub struct NotRefundable(pub PaymentStatus);

/// More was to be given back than is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{refundable_minor} minor units of the payment can still be refunded, {} were to be", spelt(*asked_minor))]
pub struct RefundExceedsPayment {
    /// What is left, in minor units.
    pub refundable_minor: i64,
    /// What was asked for, in minor units; `None` for all that is left.
    pub asked_minor: Option<i64>,
}

/// Why nothing is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    /// The money has not moved.
    #[error(transparent)]
    NotRefundable(#[from] NotRefundable),
    /// Not as much is left.
    #[error(transparent)]
    Exceeds(#[from] RefundExceedsPayment),
}

impl Payment {
    /// Sets an amount aside for a refund, all that is left without one. What other refunds have set aside is not left.
    pub fn open_refund(
        &mut self,
        refund_id: RefundId,
        asked: Option<TransferAmount>,
        now: Timestamp,
    ) -> Result<TransferAmount, RefundRefusal> {
        let status = self.facts.status();
        if !status.has_moved() {
            return Err(NotRefundable(status).into());
        }
        let refundable_minor = self.facts.refundable_minor();
        let exceeds = RefundExceedsPayment {
            refundable_minor,
            asked_minor: asked.map(TransferAmount::as_minor),
        };
        let amount = match asked {
            Some(amount) => amount,
            None => TransferAmount::from_minor(refundable_minor).map_err(|_none_left| exceeds)?,
        };
        if amount.as_minor() > refundable_minor {
            return Err(exceeds.into());
        }
        self.facts.refunding_minor += amount.as_minor();
        self.touch(now);
        let payment = Box::new(self.facts.clone());
        let given_back = GivenBack {
            refund_id,
            amount_minor: amount.as_minor(),
        };
        self.events
            .push(PaymentEvent::RefundRequested(payment, given_back));
        Ok(amount)
    }

    /// Takes note of what became of a refund that was opened: the money was given back, or it was not.
    pub fn close_refund(&mut self, given_back: GivenBack, is_given: bool, now: Timestamp) {
        let from = self.facts.status();
        self.facts.refunding_minor -= given_back.amount_minor;
        if is_given {
            self.facts.refunded_minor += given_back.amount_minor;
        }
        self.touch(now);
        let payment = Box::new(self.facts.clone());
        self.events.push(if is_given {
            PaymentEvent::Refunded {
                payment,
                from,
                given_back,
            }
        } else {
            PaymentEvent::RefundFailed(payment, given_back)
        });
    }
}

fn spelt(asked_minor: Option<i64>) -> String {
    asked_minor.map_or_else(|| "some".to_owned(), |minor| minor.to_string())
}
