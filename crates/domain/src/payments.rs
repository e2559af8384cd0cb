//! Payments: money that moves between accounts, or through a provider.

mod card_number;
mod check_schedule;
mod circuit_breaker;
mod event;
mod facts;
mod kind;
mod outcome;
mod payment;
mod progress;
mod refund;
mod retry_policy;
mod stage;
mod status;

pub use self::{
    card_number::refuse_card_number,
    check_schedule::CheckSchedule,
    circuit_breaker::{BreakerState, BreakerTerms, CallVerdict, CircuitBreaker, Pass},
    event::{GivenBack, PaymentEvent, RefundEvent},
    facts::{PaymentFacts, RefundFacts},
    kind::{Direction, PaymentKind, PaymentType, ProviderLeg},
    outcome::{AnswerCode, Outcome, ProviderAnswer, ProviderReference},
    payment::{
        NotCancellable, NotRefundable, Payment, PaymentOrder, RefundExceedsPayment, RefundRefusal,
    },
    progress::{FollowUp, Progress, Step},
    refund::{Refund, RefundOrder, RefundReason},
    retry_policy::{Chance, RetryDecision, RetryPolicy},
    stage::Stage,
    status::{PaymentStatus, PaymentTransitionForbidden},
};
pub use crate::ledger::ProviderName;
