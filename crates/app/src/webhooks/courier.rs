//! Brings deliveries to their endpoints.
//!
//! What is due waits in lanes, one per endpoint, and whoever holds a lane is the only one who sends to its endpoint: so many
//! deliveries at a time, and not the next ones before these have ended. Lanes of endpoints that failed the last time have
//! room of their own, so that however many do not answer, those that do are not kept waiting.

mod rounds;
mod tally;

use std::{sync::Arc, time::Duration};

use domain::{
    ids::WebhookId,
    webhooks::{
        Attempt, AttemptOutcome, DisabledReason, Jitter, SealedSecret, SendFailure, WebhookSecret,
        is_hopeless,
    },
};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::sync::Notify;
use uuid::Uuid;

use self::tally::{count_attempt, count_given_up};
use super::give_up_webhook::{GiveUpWebhook, GiveUpWebhookHandler};
use crate::{
    ports::{
        ClaimTerms, ClaimedLane, Clock, Dice, IdGenerator, Parcel, SecretSeal, SettledDelivery,
        Settlement, SignedParcel, StorageError, WebhookLanes, WebhookSender,
    },
    traces::{self, Span, SpanKind, TraceContext},
    transaction::CommandBus,
};

/// How long a lane is held when its holder has died. An attempt takes 15 seconds at most.
const HELD_FOR: SignedDuration = SignedDuration::from_secs(45);

/// What a courier works with.
pub struct CourierParts {
    /// What is due.
    pub lanes: Arc<dyn WebhookLanes>,
    /// Sends it.
    pub sender: Arc<dyn WebhookSender>,
    /// Opens what it is signed with.
    pub seal: Arc<dyn SecretSeal>,
    /// Disables endpoints.
    pub bus: CommandBus,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Spreads what is tried again.
    pub dice: Arc<dyn Dice>,
    /// Tells that something new may be due.
    pub news: Arc<Notify>,
}

/// How much is done at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CourierLimits {
    /// To how many endpoints that answer well.
    pub well_max: usize,
    /// To how many that failed the last time.
    pub ailing_max: usize,
    /// How many deliveries to one endpoint.
    pub per_endpoint: usize,
    /// How often to look for what others have made due.
    pub poll_every: Duration,
}

/// Brings deliveries to their endpoints.
pub struct Courier {
    parts: CourierParts,
    limits: CourierLimits,
    give_up: Arc<GiveUpWebhookHandler>,
    holder: Uuid,
}

impl Courier {
    /// A courier with these limits.
    pub fn new(parts: CourierParts, limits: CourierLimits) -> Self {
        let give_up = GiveUpWebhookHandler::new(parts.clock.clone(), parts.ids.clone());
        Self {
            give_up: Arc::new(give_up),
            holder: parts.ids.new_id(),
            parts,
            limits,
        }
    }

    async fn claim(&self, well: usize, ailing: usize) -> Result<Vec<ClaimedLane>, StorageError> {
        let now = self.parts.clock.now();
        let terms = ClaimTerms {
            holder: self.holder,
            now,
            until: now + HELD_FOR,
            well,
            ailing,
            parcels: self.limits.per_endpoint,
        };
        self.parts.lanes.claim(terms).await
    }

    /// Sends what is due in a lane, and tells whether more has become so.
    async fn work(&self, lane: ClaimedLane) -> Result<bool, StorageError> {
        let now = self.parts.clock.now();
        let secrets = self.open(lane.lane.webhook_id, lane.target.secrets.signing_at(now));
        let sending = lane.parcels.iter();
        let sending = sending.map(|parcel| self.send(&lane, parcel, secrets.as_deref()));
        let settled: Vec<SettledDelivery> = join_all(sending).await;

        let outcomes: Vec<Attempt> = settled
            .iter()
            .filter_map(|it| it.delivery.facts().last_attempt)
            .collect();
        let failing_since = failing_since(lane.lane.failing_since, &outcomes);
        let now = self.parts.clock.now();
        if let Some(reason) = reason_to_give_up(&outcomes, failing_since, now) {
            self.give_up(&lane, reason).await?;
        }
        let settlement = Settlement {
            lane: lane.lane,
            url: lane.target.url,
            deliveries: settled,
            failing_since,
            now,
        };
        self.parts.lanes.settle(&settlement).await
    }

    async fn send(
        &self,
        lane: &ClaimedLane,
        parcel: &Parcel,
        secrets: Option<&[WebhookSecret]>,
    ) -> SettledDelivery {
        let (at, facts) = (self.parts.clock.now(), parcel.delivery.facts());
        let mut attempt = Attempt {
            at,
            took_ms: 0,
            outcome: AttemptOutcome::Failed(SendFailure::Unsigned),
        };
        if let Some(secrets) = secrets {
            let signed = SignedParcel {
                url: &lane.target.url,
                id: facts.event_id,
                at,
                body: &parcel.body,
                secrets,
            };
            let mut span = traces::follow(SpanKind::Client, "send webhook", cause_of(&parcel.body));
            span.note("messaging.message.id", facts.event_id.to_string());
            let report = span.around(self.parts.sender.send(signed)).await;
            note_outcome(span, report.outcome);
            attempt.took_ms = u32::try_from(report.took.as_millis()).unwrap_or(u32::MAX);
            attempt.outcome = report.outcome;
        }
        count_attempt(facts, attempt);
        let mut delivery = parcel.delivery.clone();
        let side = self.parts.dice.roll(Jitter::KINDS);
        delivery.note(attempt, Jitter::chosen(side));
        SettledDelivery {
            attempts_before: facts.attempts,
            delivery,
        }
    }

    /// The secrets, if all of them can be opened.
    fn open<'s>(
        &self,
        owner: WebhookId,
        sealed: impl Iterator<Item = &'s SealedSecret>,
    ) -> Option<Vec<WebhookSecret>> {
        let opened: Result<Vec<_>, _> = sealed
            .map(|sealed| self.parts.seal.open(owner, sealed))
            .collect();
        opened
            .inspect_err(|why| {
                let why: &dyn std::error::Error = why;
                tracing::error!(webhook = %owner, error = why, "the secret of a webhook cannot be opened");
            })
            .ok()
    }

    async fn give_up(
        &self,
        lane: &ClaimedLane,
        reason: DisabledReason,
    ) -> Result<(), StorageError> {
        let command = GiveUpWebhook {
            organization_id: lane.organization_id,
            id: lane.lane.webhook_id,
            seen: lane.target.version,
            reason,
        };
        let handler = self.give_up.clone();
        if self.parts.bus.execute(handler, command).await? {
            let reason = reason.code();
            tracing::warn!(webhook = %command.id, reason, "a webhook is disabled");
            count_given_up(reason);
        }
        Ok(())
    }
}

/// The trace of the event that is sent. Bodies without one are not read.
fn cause_of(body: &str) -> Option<TraceContext> {
    #[derive(Deserialize)]
    struct Caused<'a> {
        #[serde(borrow)]
        traceparent: Option<&'a str>,
    }

    if !body.contains(r#""traceparent""#) {
        return None;
    }
    let caused: Caused<'_> = serde_json::from_str(body).ok()?;
    TraceContext::parse(caused.traceparent?)
}

fn note_outcome(mut span: Span, outcome: AttemptOutcome) {
    match outcome {
        AttemptOutcome::Answered(status) => span.note("http.response.status_code", status),
        AttemptOutcome::Failed(failure) => span.note("error.type", failure.code()),
    }
    if !outcome.is_success() {
        span.fail("not delivered");
    }
}

/// Since when there have been failures only: not since a success among these, else since the first of them all.
fn failing_since(before: Option<Timestamp>, attempts: &[Attempt]) -> Option<Timestamp> {
    let has_success = attempts.iter().any(|it| it.outcome.is_success());
    if attempts.is_empty() {
        before
    } else if has_success {
        None
    } else {
        before.or_else(|| attempts.iter().map(|it| it.at).min())
    }
}

fn reason_to_give_up(
    attempts: &[Attempt],
    failing_since: Option<Timestamp>,
    now: Timestamp,
) -> Option<DisabledReason> {
    if attempts.iter().any(|it| it.outcome.is_farewell()) {
        Some(DisabledReason::Gone)
    } else {
        failing_since
            .filter(|since| is_hopeless(*since, now))
            .map(|_| DisabledReason::Failing)
    }
}

#[cfg(test)]
mod tests;
