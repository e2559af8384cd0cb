//! What couriers count.

use domain::webhooks::{Attempt, AttemptOutcome, DeliveryFacts};

/// Counts an attempt by what came of it, how long it took, and how late the first one was.
pub(super) fn count_attempt(delivery: &DeliveryFacts, attempt: Attempt) {
    let outcome = match attempt.outcome {
        outcome if outcome.is_success() => "delivered",
        outcome if outcome.is_farewell() => "gone",
        AttemptOutcome::Answered(_) => "rejected",
        AttemptOutcome::Failed(failure) => failure.code(),
    };
    metrics::counter!("webhook_deliveries_total", "outcome" => outcome).increment(1);
    metrics::histogram!("webhook_attempt_duration_seconds")
        .record(f64::from(attempt.took_ms) / 1_000.0);
    if delivery.attempts == 0 {
        let waited = attempt.at.duration_since(delivery.created_at);
        metrics::histogram!("webhook_delay_seconds").record(waited.as_secs_f64().max(0.0));
    }
}

/// Counts an endpoint that was disabled.
pub(super) fn count_given_up(reason: &'static str) {
    metrics::counter!("webhooks_disabled_total", "reason" => reason).increment(1);
}

/// Shows how many endpoints are being sent to right now.
pub(super) fn show_busy(well: usize, ailing: usize) {
    for (health, count) in [("well", well), ("ailing", ailing)] {
        // Counts of lanes fit into 32 bits, which a float holds exactly.
        let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        metrics::gauge!("webhook_lanes_busy", "health" => health).set(count);
    }
}
