//! What happens to payments and refunds, spelt out.

use domain::payments::{GivenBack, PaymentEvent, PaymentStatus, RefundEvent, Step};
use serde_json::{Value, json};

use super::{Spelt, event_type, shown};
use crate::{
    events::EventType,
    payments::{PaymentView, RefundView},
};

pub(super) fn payment(happening: &PaymentEvent) -> Spelt {
    let facts = happening.payment();
    let status = facts.status();
    let (event_type, changes) = match happening {
        PaymentEvent::Created(_) => (&event_type::PAYMENT_CREATED, json!({})),
        PaymentEvent::CarriedOut(_) => (&event_type::PAYMENT_COMPLETED, json!({})),
        PaymentEvent::Moved { from, step, .. } => (payment_step(*step), change(*from, status)),
        PaymentEvent::RefundRequested(_, given_back) => (
            &event_type::PAYMENT_REFUND_REQUESTED,
            json!({"refund": refund_change(*given_back)}),
        ),
        PaymentEvent::Refunded {
            from, given_back, ..
        } => {
            let mut changes = change(*from, status);
            changes["refund"] = refund_change(*given_back);
            (&event_type::PAYMENT_REFUNDED, changes)
        }
        PaymentEvent::RefundFailed(_, given_back) => (
            &event_type::PAYMENT_REFUND_FAILED,
            json!({"refund": refund_change(*given_back)}),
        ),
    };
    Spelt {
        id: facts.id.as_uuid(),
        event_type,
        data: shown(&PaymentView::from(facts)),
        changes,
    }
}

pub(super) fn refund(happening: &RefundEvent) -> Spelt {
    let facts = happening.refund();
    let (event_type, changes) = match happening {
        RefundEvent::Created(_) => (&event_type::REFUND_CREATED, json!({})),
        RefundEvent::Moved { from, step, .. } => {
            (refund_step(*step), change(*from, facts.status()))
        }
    };
    Spelt {
        id: facts.id.as_uuid(),
        event_type,
        data: shown(&RefundView::from(facts)),
        changes,
    }
}

fn change(from: PaymentStatus, to: PaymentStatus) -> Value {
    if from == to {
        json!({})
    } else {
        json!({"status": {"from": from.code(), "to": to.code()}})
    }
}

fn refund_change(given_back: GivenBack) -> Value {
    json!({"id": given_back.refund_id.to_string(), "amount_minor": given_back.amount_minor})
}

const fn payment_step(step: Step) -> &'static EventType {
    match step {
        Step::Begun => &event_type::PAYMENT_PROCESSING,
        Step::RetryScheduled => &event_type::PAYMENT_RETRY_SCHEDULED,
        Step::Doubted => &event_type::PAYMENT_UNKNOWN,
        Step::Checked => &event_type::PAYMENT_CHECKED,
        Step::Completed => &event_type::PAYMENT_COMPLETED,
        Step::Failed => &event_type::PAYMENT_FAILED,
        Step::Cancelled => &event_type::PAYMENT_CANCELLED,
        Step::Revived => &event_type::PAYMENT_REVIVED,
    }
}

/// A refund is never called off.
const fn refund_step(step: Step) -> &'static EventType {
    match step {
        Step::Begun => &event_type::REFUND_PROCESSING,
        Step::RetryScheduled => &event_type::REFUND_RETRY_SCHEDULED,
        Step::Doubted => &event_type::REFUND_UNKNOWN,
        Step::Checked => &event_type::REFUND_CHECKED,
        Step::Completed => &event_type::REFUND_COMPLETED,
        Step::Failed | Step::Cancelled => &event_type::REFUND_FAILED,
        Step::Revived => &event_type::REFUND_REVIVED,
    }
}
