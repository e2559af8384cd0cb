//! One piece of work: the call, and what is written down of it.

use std::time::{Duration, Instant};

use domain::payments::{
    CallVerdict, Chance, Outcome, PaymentStatus, ProviderAnswer, ProviderName, ProviderReference,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{PaymentWorker, seat::Seat, tally};
use crate::{
    payments::{Errand, Question, Report, SettleWork, SettleWorkError, Settled},
    ports::{Sighting, StorageError},
    traces::{self, Span, SpanKind},
};

/// How long to rest before writing down is tried again: at first, and at most.
const REST_MIN: Duration = Duration::from_millis(20);
const REST_MAX: Duration = Duration::from_secs(1);

impl PaymentWorker {
    /// Asks the provider, and writes down what it said.
    pub(super) async fn run_errand(&self, errand: Errand, mut seat: Seat) {
        let asked_at = self.parts.clock.now();
        if !self.is_in_time(&errand, asked_at) {
            // Whoever takes it over asks; what others do meanwhile would not know of this call.
            tracing::warn!(work = %errand.key.id(), "it was taken up too long ago: the provider is not asked");
            tally::count_fenced();
            drop(seat);
            return self.room.notify_one();
        }
        let report = self.ask(&errand, &mut seat).await;
        // Others may call while this is being written down.
        drop(seat);
        self.room.notify_one();
        let command = SettleWork {
            key: errand.key,
            version: errand.version,
            asked_at,
            report,
            chance: Chance::chosen(self.parts.dice.roll(Chance::KINDS)),
        };
        self.write_down(command).await;
    }

    /// Whether an answer would come before others may take it over.
    pub(super) fn is_in_time(&self, errand: &Errand, now: Timestamp) -> bool {
        let limit = SignedDuration::try_from(self.terms.call_limit);
        let limit = limit.unwrap_or(SignedDuration::MAX);
        errand.presumed_lost_at.duration_since(now) >= limit
    }

    pub(super) async fn ask(&self, errand: &Errand, seat: &mut Seat) -> Report {
        let (began, limit) = (Instant::now(), self.terms.call_limit);
        let (provider, order) = (seat.provider(), &errand.order);
        let name = provider.name().clone();
        let report = match &errand.question {
            Question::Execute => {
                let span = call_span("execute", &name);
                let executing = span.around(provider.execute(order));
                let answer = tokio::time::timeout(limit, executing).await;
                let answer = answer.unwrap_or_else(|_elapsed| too_late());
                note_outcome(span, answer.outcome);
                Report::Executed(answer)
            }
            Question::LookUp(reference) => {
                let span = call_span("look up", &name);
                let looking = span.around(provider.look_up(order, reference.clone()));
                let sighting = tokio::time::timeout(limit, looking).await;
                Report::LookedUp(sighting.unwrap_or(Sighting::NoAnswer))
            }
        };
        tally::count_call(&name, &report, began.elapsed());
        if let Some(verdict) = verdict(&report) {
            seat.note(verdict);
        }
        report
    }

    /// As long as it matters: whoever takes it over asks the provider, and hears the same.
    async fn write_down(&self, command: SettleWork) {
        let (began, mut rest) = (Instant::now(), REST_MIN);
        let id = command.key.id();
        loop {
            let (handler, again) = (self.settle.clone(), command.clone());
            let command = command.clone();
            match self.parts.bus.execute(handler, command).await {
                Ok(Settled::Fenced) => {
                    tracing::warn!(work = %id, "somebody else has dealt with it meanwhile");
                    return tally::count_fenced();
                }
                Ok(Settled::Astray(status)) => return complain_of_astray(&again, status),
                Ok(settled) => return tally::count_settled(settled),
                Err(
                    why @ (SettleWorkError::Unbooked(_)
                    | SettleWorkError::Storage(StorageError::Corrupt { .. })),
                ) => {
                    complain(id, &why, "what a provider said cannot be written down");
                    tally::count_unbooked();
                    return self.put_off(again).await;
                }
                Err(SettleWorkError::Storage(why)) => {
                    let why: &dyn std::error::Error = &why;
                    tracing::warn!(work = %id, error = why, "what a provider said cannot be written down at the moment");
                }
            }
            if began.elapsed() > self.terms.lost_after {
                tracing::error!(work = %id, "given up writing down what a provider said: it will be asked again");
                return;
            }
            tokio::time::sleep(rest).await;
            rest = (rest * 2).min(REST_MAX);
        }
    }

    /// What cannot be written down now may be later, when a person has opened the way: the provider is asked again then.
    async fn put_off(&self, command: SettleWork) {
        let id = command.key.id();
        let later = SettleWork {
            report: Report::LookedUp(Sighting::NoAnswer),
            ..command
        };
        if let Err(why) = self.parts.bus.execute(self.settle.clone(), later).await {
            complain(id, &why, "nor can that nobody knows");
        }
    }
}

fn complain(work: Uuid, why: &SettleWorkError, message: &'static str) {
    let why: &dyn std::error::Error = why;
    tracing::error!(%work, error = why, "{message}");
}

/// A call, as a part of the payment's trace.
fn call_span(what: &'static str, provider: &ProviderName) -> Span {
    let mut span = traces::child(SpanKind::Client, what);
    span.rename(|| format!("{what} {provider}", provider = provider.as_str()));
    span
}

fn note_outcome(mut span: Span, outcome: Outcome) {
    span.note("tallystick.payment.outcome", outcome.code());
    match outcome {
        Outcome::Succeeded | Outcome::Pending | Outcome::Declined => {}
        Outcome::Retryable | Outcome::Unknown => span.fail(outcome.code()),
    }
}

/// Money moved that nobody expects to move any more.
fn complain_of_astray(command: &SettleWork, status: PaymentStatus) {
    let reference = command.report.moving().and_then(|it| it.reference.as_ref());
    tracing::error!(
        work = %command.key.id(),
        status = status.code(),
        reference = reference.map(ProviderReference::as_str),
        "the provider has moved the money of something that others have dealt with meanwhile"
    );
    tally::count_fenced();
    tally::count_unbooked();
}

/// It may have heard.
const fn too_late() -> ProviderAnswer {
    ProviderAnswer::of(Outcome::Unknown, "time_limit")
}

/// What a call says about the provider, not about the payment; nothing if nobody was called.
const fn verdict(report: &Report) -> Option<CallVerdict> {
    match report {
        Report::Executed(answer) => match answer.outcome {
            Outcome::Succeeded | Outcome::Pending | Outcome::Declined => Some(CallVerdict::Worked),
            Outcome::Retryable | Outcome::Unknown => Some(CallVerdict::Failed),
        },
        Report::LookedUp(Sighting::Seen(_) | Sighting::NeverArrived) => Some(CallVerdict::Worked),
        Report::LookedUp(Sighting::NoAnswer) => Some(CallVerdict::Failed),
        Report::LookedUp(Sighting::NotAsked) => None,
    }
}
