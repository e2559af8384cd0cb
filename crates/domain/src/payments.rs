//! Payments: money that moves between accounts, or through a provider.

mod card_number;
mod check_schedule;
mod circuit_breaker;
mod outcome;
mod retry_policy;

pub use self::{
    card_number::refuse_card_number,
    check_schedule::CheckSchedule,
    circuit_breaker::{BreakerState, BreakerTerms, CallVerdict, CircuitBreaker, Pass},
    outcome::{AnswerCode, Outcome, ProviderAnswer, ProviderReference},
    retry_policy::{Chance, RetryDecision, RetryPolicy},
};
pub use crate::ledger::ProviderName;
