//! What workers count.

use std::time::Duration;

use domain::payments::{BreakerState, PaymentStatus, ProviderName};

use crate::{
    payments::{Report, Settled},
    ports::Sighting,
};

pub(super) fn count_call(provider: &ProviderName, report: &Report, took: Duration) {
    let (operation, outcome) = match report {
        Report::Executed(answer) => ("execute", answer.outcome.code()),
        Report::LookedUp(Sighting::Seen(answer)) => ("look_up", answer.outcome.code()),
        Report::LookedUp(Sighting::NeverArrived) => ("look_up", "never_arrived"),
        Report::LookedUp(Sighting::NoAnswer) => ("look_up", "no_answer"),
        Report::LookedUp(Sighting::NotAsked) => ("look_up", "not_asked"),
    };
    let provider = provider.as_str().to_owned();
    metrics::counter!("payment_provider_calls_total", "provider" => provider.clone(), "operation" => operation,
        "outcome" => outcome)
    .increment(1);
    metrics::histogram!("payment_provider_call_duration_seconds", "provider" => provider, "operation" => operation)
        .record(took.as_secs_f64());
}

pub(super) fn count_settled(settled: Settled) {
    let result = match settled {
        Settled::As(status) => status.code(),
        Settled::Dead => PaymentStatus::Failed.code(),
        Settled::Fenced | Settled::Astray(_) => return count_fenced(),
    };
    metrics::counter!("payments_settled_total", "result" => result).increment(1);
    if settled == Settled::As(PaymentStatus::Pending) {
        metrics::counter!("payment_retries_total").increment(1);
    }
    if settled == Settled::Dead {
        metrics::counter!("payment_dead_letters_total").increment(1);
    }
}

pub(super) fn count_fenced() {
    metrics::counter!("payments_fenced_total").increment(1);
}

pub(super) fn count_unbooked() {
    metrics::counter!("payments_unbooked_total").increment(1);
}

pub(super) fn count_returned() {
    metrics::counter!("payouts_returned_total").increment(1);
}

pub(super) fn count_lost_leases(count: usize) {
    let count = u64::try_from(count).unwrap_or_default();
    metrics::counter!("payment_leases_lost_total").increment(count);
}

pub(super) fn count_unleased() {
    metrics::counter!("payment_leases_unavailable_total").increment(1);
}

pub(super) fn show_line(provider: &ProviderName, busy: usize, breaker: BreakerState) {
    let name = provider.as_str();
    let busy = f64::from(u32::try_from(busy).unwrap_or(u32::MAX));
    metrics::gauge!("payment_provider_calls_running", "provider" => name.to_owned()).set(busy);
    for state in BreakerState::ALL {
        let is_it = f64::from(u8::from(state == breaker));
        metrics::gauge!("payment_breaker_state", "provider" => name.to_owned(), "state" => state.code()).set(is_it);
    }
}
