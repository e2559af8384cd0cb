//! Payments, refunds and what was given up of them as messages.

use app::{
    invoicing::TimelineActor,
    payments::{PaymentHistoryEntry, PaymentView, RefundView},
    ports::DeadPayment,
};
use domain::payments::{PaymentFacts, RefundFacts};
use jiff::Timestamp;

use crate::proto::{
    Word as _, stamp,
    v1::{
        Actor, ActorKind, DeadLetter, Payment, PaymentDirection, PaymentHistoryEntry as Entry,
        PaymentStatus, PaymentType, Refund,
    },
};

/// A payment as of now.
pub(super) fn payment(facts: &PaymentFacts, now: Timestamp) -> Payment {
    let view = PaymentView::from(facts);
    let unknown_for = view.unknown_since.map(|since| now.duration_since(since));
    Payment {
        id: view.id.to_string(),
        payment_type: PaymentType::number(view.payment_type),
        status: PaymentStatus::number(view.status),
        direction: view.direction.map(PaymentDirection::number),
        provider: view.provider,
        source_account_id: view.source_account_id.map(|id| id.to_string()),
        destination_account_id: view.destination_account_id.map(|id| id.to_string()),
        amount_minor: view.amount_minor,
        currency: view.currency.to_owned(),
        invoice_id: view.invoice_id.map(|id| id.to_string()),
        description: view.description,
        metadata: view.metadata,
        refunded_minor: view.refunded_minor,
        refundable_minor: view.refundable_minor,
        hold_id: view.hold_id.map(|id| id.to_string()),
        attempts: view.attempts.into(),
        next_attempt_at: view.next_attempt_at.map(stamp),
        unknown_since: view.unknown_since.map(stamp),
        next_check_at: view.next_check_at.map(stamp),
        unknown_for_seconds: unknown_for.map(|age| age.as_secs().max(0)),
        checks: view.checks.into(),
        answer_code: view.answer_code,
        provider_reference: view.provider_reference,
        completed_at: view.completed_at.map(stamp),
        failed_at: view.failed_at.map(stamp),
        cancelled_at: view.cancelled_at.map(stamp),
        created_at: Some(stamp(view.created_at)),
        updated_at: Some(stamp(view.updated_at)),
        version: view.version,
    }
}

/// A refund.
pub(super) fn refund(facts: &RefundFacts) -> Refund {
    let view = RefundView::from(facts);
    Refund {
        id: view.id.to_string(),
        payment_id: view.payment_id.to_string(),
        status: PaymentStatus::number(view.status),
        amount_minor: view.amount_minor,
        currency: view.currency.to_owned(),
        reason: view.reason,
        metadata: view.metadata,
        hold_id: view.hold_id.map(|id| id.to_string()),
        attempts: view.attempts.into(),
        next_attempt_at: view.next_attempt_at.map(stamp),
        unknown_since: view.unknown_since.map(stamp),
        next_check_at: view.next_check_at.map(stamp),
        checks: view.checks.into(),
        answer_code: view.answer_code,
        provider_reference: view.provider_reference,
        completed_at: view.completed_at.map(stamp),
        failed_at: view.failed_at.map(stamp),
        created_at: Some(stamp(view.created_at)),
        updated_at: Some(stamp(view.updated_at)),
        version: view.version,
    }
}

/// Something that happened to a payment.
pub(super) fn entry(entry: PaymentHistoryEntry) -> Entry {
    Entry {
        id: entry.id.to_string(),
        r#type: entry.event_type,
        status: PaymentStatus::number(&entry.status),
        attempt: entry.attempt.into(),
        answer_code: entry.answer_code,
        actor: Some(actor(entry.actor)),
        occurred_at: Some(stamp(entry.occurred_at)),
        changes: entry.changes.to_string(),
        payment_version: entry.version,
    }
}

/// Something that was given up, with its story.
pub(super) fn dead_letter(dead: &DeadPayment, story: String) -> DeadLetter {
    DeadLetter {
        id: dead.id.to_string(),
        payment_id: dead.key.payment_id.to_string(),
        refund_id: dead.key.refund_id.map(|id| id.to_string()),
        provider: dead.provider.as_str().to_owned(),
        direction: PaymentDirection::number(dead.direction.code()),
        amount_minor: dead.amount_minor,
        currency: dead.currency.clone(),
        attempts: dead.attempts.into(),
        answer_code: dead.answer_code.clone(),
        accepted_at: Some(stamp(dead.accepted_at)),
        dead_at: Some(stamp(dead.dead_at)),
        story,
    }
}

fn actor(actor: TimelineActor) -> Actor {
    let (kind, id, name) = match actor {
        TimelineActor::ApiKey { id, name } => (ActorKind::ApiKey, Some(id.to_string()), name),
        TimelineActor::Role(role) => (ActorKind::Role, None, Some(role)),
        TimelineActor::CommandLine => (ActorKind::CommandLine, None, None),
    };
    Actor {
        kind: kind.into(),
        id,
        name,
    }
}
