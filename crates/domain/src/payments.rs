//! Payments: money that moves between accounts, or through a provider.

mod check_schedule;
mod circuit_breaker;
mod retry_policy;

pub use self::{
    check_schedule::CheckSchedule,
    circuit_breaker::{BreakerState, BreakerTerms, CallVerdict, CircuitBreaker, Pass},
    retry_policy::{Chance, RetryDecision, RetryPolicy},
};
