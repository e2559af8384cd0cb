//! Which way a new payment takes. Both APIs ask here, so that neither has a way of its own.

use std::sync::Arc;

use app::{
    ledger::{Ask, Verdict},
    payments::{AcceptPayment, InternalPayment},
};
use domain::payments::PaymentFacts;

use super::PaymentUseCases;
use crate::problem::{Refusal, catalogue::INTERNAL_ERROR};

/// The way of a new payment.
pub enum PaymentCourse {
    /// Through the posting engine, in a transaction that it shares with what else waits there.
    Engine(EnginePayment),
    /// Through [`PaymentUseCases::accept`], in a transaction of its own.
    Handler(AcceptPayment),
}

/// A payment for the posting engine.
pub struct EnginePayment(Arc<InternalPayment>);

impl EnginePayment {
    /// What the engine is asked for.
    pub fn ask(&self) -> Ask {
        Ask::Payment(Arc::clone(&self.0))
    }

    /// What became of it: the payment, or why its money has not moved.
    pub fn outcome(&self, verdict: &Verdict) -> Result<PaymentFacts, Refusal> {
        match self.0.outcome(verdict) {
            Some(Ok(facts)) => Ok(facts),
            Some(Err(why)) => Err(Refusal::from(&why)),
            None => Err(Refusal::of(&INTERNAL_ERROR)),
        }
    }
}

impl PaymentUseCases {
    /// The way that this one takes.
    pub fn course_of(&self, command: AcceptPayment) -> Result<PaymentCourse, Refusal> {
        let payment = self.accept.for_engine(&command)?;
        Ok(match payment {
            Some(payment) => PaymentCourse::Engine(EnginePayment(Arc::new(payment))),
            None => PaymentCourse::Handler(command),
        })
    }
}
