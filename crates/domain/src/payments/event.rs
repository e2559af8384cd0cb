//! What happens to payments and refunds.

use super::{PaymentFacts, PaymentStatus, RefundFacts, Step};
use crate::ids::RefundId;

/// A part of a payment that is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenBack {
    /// By which refund.
    pub refund_id: RefundId,
    /// How much, in minor units.
    pub amount_minor: i64,
}

/// What happened to a payment, with the payment as it is afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentEvent {
    /// It was accepted, and waits to be carried out.
    Created(Box<PaymentFacts>),
    /// It was accepted and carried out in one: the first that is ever heard of it.
    CarriedOut(Box<PaymentFacts>),
    /// It took a step on its way.
    Moved {
        /// As it is now.
        payment: Box<PaymentFacts>,
        /// Where it was before.
        from: PaymentStatus,
        /// The step.
        step: Step,
    },
    /// Some of it is to be given back.
    RefundRequested(Box<PaymentFacts>, GivenBack),
    /// Some of it was given back.
    Refunded {
        /// As it is now.
        payment: Box<PaymentFacts>,
        /// Where it was before.
        from: PaymentStatus,
        /// What was given back.
        given_back: GivenBack,
    },
    /// What was to be given back was not.
    RefundFailed(Box<PaymentFacts>, GivenBack),
}

impl PaymentEvent {
    /// The payment as it is afterwards.
    pub fn payment(&self) -> &PaymentFacts {
        match self {
            Self::Created(payment)
            | Self::CarriedOut(payment)
            | Self::Moved { payment, .. }
            | Self::RefundRequested(payment, _)
            | Self::Refunded { payment, .. }
            | Self::RefundFailed(payment, _) => payment,
        }
    }
}

/// What happened to a refund, with the refund as it is afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundEvent {
    /// It was accepted.
    Created(Box<RefundFacts>),
    /// It took a step on its way.
    Moved {
        /// As it is now.
        refund: Box<RefundFacts>,
        /// Where it was before.
        from: PaymentStatus,
        /// The step.
        step: Step,
    },
}

impl RefundEvent {
    /// The refund as it is afterwards.
    pub fn refund(&self) -> &RefundFacts {
        match self {
            Self::Created(refund) | Self::Moved { refund, .. } => refund,
        }
    }
}
