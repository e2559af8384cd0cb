//! How events are spelt outside of the service.

use domain::{
    customers::CustomerEvent,
    event::{DomainEvent, Happening},
    invoicing::{Decision, InvoiceEvent, InvoiceStatus, PaidAmount, Review, StatusChange},
    ledger::{AccountEvent, HoldEvent, HoldStatus},
    platform::{ApiKeyEvent, OrganizationEvent},
    wallets::UserEvent,
    webhooks::WebhookEvent,
};
use serde::Serialize;
use serde_json::{
    Value, json,
    value::{RawValue, to_raw_value},
};
use uuid::Uuid;

mod payments;
mod vouchers;

use super::event_type::{self, EventType};
use crate::{
    customers::CustomerView,
    invoicing::{InvoiceView, ReviewView},
    ledger::{AccountView, HoldView},
    platform::OrganizationView,
    ports::Touched,
    wallets::UserView,
    webhooks::WebhookView,
};

/// An event as it is stored and sent.
#[derive(Debug, Clone)]
pub struct SpeltEvent {
    /// What it happened to.
    pub touched: Touched,
    /// What happened: `invoice.sent`.
    pub event_type: &'static str,
    /// The resource as it is afterwards, in the form of the API.
    pub data: Box<RawValue>,
    /// What is different from before, for the timeline.
    pub changes: Value,
}

impl From<&DomainEvent> for SpeltEvent {
    fn from(event: &DomainEvent) -> Self {
        let spelt = match &event.what {
            Happening::Organization(happening) => organization(event, happening),
            Happening::ApiKey(happening) => api_key(happening),
            Happening::Customer(happening) => customer(happening),
            Happening::Invoice(happening) => invoice(happening),
            Happening::Account(happening) => account(happening),
            Happening::Hold(happening) => hold(happening),
            Happening::Payment(happening) => payments::payment(happening),
            Happening::Refund(happening) => payments::refund(happening),
            Happening::User(happening) => user(happening),
            Happening::Webhook(happening) => webhook(happening),
            Happening::Campaign(happening) => vouchers::campaign(happening),
            Happening::Voucher(happening) => vouchers::voucher(happening),
            Happening::Redemption(happening) => vouchers::redemption(happening),
            Happening::VoucherBlock(happening) => vouchers::block(happening),
        };
        let touched = Touched {
            kind: spelt.event_type.kind,
            organization_id: event.organization_id,
            id: spelt.id,
            version: event.version,
        };
        Self {
            touched,
            event_type: spelt.event_type.name,
            data: spelt.data,
            changes: spelt.changes,
        }
    }
}

struct Spelt {
    id: Uuid,
    event_type: &'static EventType,
    data: Box<RawValue>,
    changes: Value,
}

/// A resource as it is shown, written at once: it is stored as it is, and nobody looks into it before.
fn shown(resource: &impl Serialize) -> Box<RawValue> {
    // What is shown has no keys but texts, and nothing else could fail.
    to_raw_value(resource).unwrap_or_default()
}

fn organization(event: &DomainEvent, happening: &OrganizationEvent) -> Spelt {
    let (event_type, facts) = match happening {
        OrganizationEvent::Created(facts) => (&event_type::ORGANIZATION_CREATED, facts),
        OrganizationEvent::Updated(facts) => (&event_type::ORGANIZATION_UPDATED, facts),
    };
    Spelt {
        id: event.organization_id.as_uuid(),
        event_type,
        data: shown(&OrganizationView::from(facts)),
        changes: json!({}),
    }
}

fn api_key(happening: &ApiKeyEvent) -> Spelt {
    let (id, event_type, data) = match happening {
        ApiKeyEvent::Created {
            id,
            name,
            scopes,
            expires_at,
        } => {
            let scopes: Vec<_> = scopes.iter().map(|scope| scope.to_string()).collect();
            let expires_at = expires_at.map(|end| format!("{end:.6}"));
            let data = json!({"id": id.to_string(), "name": name.as_str(), "scopes": scopes, "expires_at": expires_at});
            (id, &event_type::API_KEY_CREATED, shown(&data))
        }
        ApiKeyEvent::Revoked { id } => (
            id,
            &event_type::API_KEY_REVOKED,
            shown(&json!({"id": id.to_string()})),
        ),
    };
    Spelt {
        id: id.as_uuid(),
        event_type,
        data,
        changes: json!({}),
    }
}

fn customer(happening: &CustomerEvent) -> Spelt {
    let (event_type, facts) = match happening {
        CustomerEvent::Created(facts) => (&event_type::CUSTOMER_CREATED, facts),
        CustomerEvent::Updated(facts) => (&event_type::CUSTOMER_UPDATED, facts),
        CustomerEvent::Archived(facts) => (&event_type::CUSTOMER_ARCHIVED, facts),
    };
    Spelt {
        id: facts.id.as_uuid(),
        event_type,
        data: shown(&CustomerView::from(facts)),
        changes: json!({}),
    }
}

fn invoice(happening: &InvoiceEvent) -> Spelt {
    let facts = happening.invoice();
    let (event_type, changes) = match happening {
        InvoiceEvent::Created(_) => (&event_type::INVOICE_CREATED, json!({})),
        InvoiceEvent::Updated { changed, .. } => {
            (&event_type::INVOICE_UPDATED, json!({"fields": changed}))
        }
        InvoiceEvent::StatusChanged { change, .. } => {
            let step = json!({"status": {"from": change.from.code(), "to": change.to.code()}});
            (status_event(change.to), step)
        }
        InvoiceEvent::PaymentReceived { change, paid, .. } => {
            let event_type = change.map_or(&event_type::INVOICE_PAYMENT_RECEIVED, |change| {
                status_event(change.to)
            });
            (event_type, paid_change(*paid, *change))
        }
        InvoiceEvent::PaymentRefunded { change, paid, .. } => (
            &event_type::INVOICE_PAYMENT_REFUNDED,
            paid_change(*paid, *change),
        ),
        InvoiceEvent::Reviewed(_) => (review_event(&facts.review), reviewed(&facts.review)),
        InvoiceEvent::Deleted(_) => (&event_type::INVOICE_DELETED, json!({})),
    };
    Spelt {
        id: facts.id.as_uuid(),
        event_type,
        data: shown(&InvoiceView::from(facts)),
        changes,
    }
}

/// What of an invoice was paid or given back, and the step that it took by that.
fn paid_change(paid: PaidAmount, change: Option<StatusChange>) -> Value {
    let payment =
        json!({"payment_id": paid.payment_id.to_string(), "amount_minor": paid.amount_minor});
    match change {
        Some(StatusChange { from, to }) => {
            json!({"payment": payment, "status": {"from": from.code(), "to": to.code()}})
        }
        None => json!({"payment": payment}),
    }
}

fn review_event(review: &Review) -> &'static EventType {
    match review.verdict().map(|verdict| &verdict.decision) {
        Some(Decision::Rejected(_)) => &event_type::INVOICE_REJECTED,
        Some(Decision::Approved) | None => &event_type::INVOICE_APPROVED,
    }
}

fn reviewed(review: &Review) -> Value {
    let step = json!({"from": Review::PENDING, "to": review.status_code()});
    json!({"review": step, "reasons": ReviewView::from(review).reasons})
}

fn account(happening: &AccountEvent) -> Spelt {
    let (event_type, facts) = match happening {
        AccountEvent::Opened(facts) => (&event_type::ACCOUNT_OPENED, facts),
        AccountEvent::Updated(facts) => (&event_type::ACCOUNT_UPDATED, facts),
        AccountEvent::Closed(facts) => (&event_type::ACCOUNT_CLOSED, facts),
    };
    Spelt {
        id: facts.id.as_uuid(),
        event_type,
        data: shown(&AccountView::from(facts)),
        changes: json!({}),
    }
}

fn hold(happening: &HoldEvent) -> Spelt {
    let (HoldEvent::Created(facts) | HoldEvent::Resolved(facts)) = happening;
    let event_type = match facts.status {
        HoldStatus::Pending => &event_type::HOLD_CREATED,
        HoldStatus::Captured { .. } => &event_type::HOLD_CAPTURED,
        HoldStatus::Voided { .. } => &event_type::HOLD_VOIDED,
        HoldStatus::Expired { .. } => &event_type::HOLD_EXPIRED,
    };
    Spelt {
        id: facts.id.as_uuid(),
        event_type,
        data: shown(&HoldView::from(facts)),
        changes: json!({}),
    }
}

fn user(happening: &UserEvent) -> Spelt {
    let (event_type, facts) = match happening {
        UserEvent::Registered(facts) => (&event_type::USER_CREATED, facts),
        UserEvent::Updated(facts) => (&event_type::USER_UPDATED, facts),
        UserEvent::Closed(facts) => (&event_type::USER_CLOSED, facts),
    };
    Spelt {
        id: facts.id.as_uuid(),
        event_type,
        data: shown(&UserView::from(facts)),
        changes: json!({}),
    }
}

fn webhook(happening: &WebhookEvent) -> Spelt {
    let (event_type, facts) = match happening {
        WebhookEvent::Created(facts) => (&event_type::WEBHOOK_CREATED, facts),
        WebhookEvent::Updated(facts) => (&event_type::WEBHOOK_UPDATED, facts),
        WebhookEvent::SecretRotated(facts) => (&event_type::WEBHOOK_SECRET_ROTATED, facts),
        WebhookEvent::Disabled(facts) => (&event_type::WEBHOOK_DISABLED, facts),
        WebhookEvent::Deleted(facts) => (&event_type::WEBHOOK_DELETED, facts),
    };
    Spelt {
        id: facts.id.as_uuid(),
        event_type,
        data: shown(&WebhookView::from(facts)),
        changes: json!({}),
    }
}

const fn status_event(status: InvoiceStatus) -> &'static EventType {
    match status {
        InvoiceStatus::Draft => &event_type::INVOICE_CREATED,
        InvoiceStatus::Sent => &event_type::INVOICE_SENT,
        InvoiceStatus::Viewed => &event_type::INVOICE_VIEWED,
        InvoiceStatus::Overdue => &event_type::INVOICE_OVERDUE,
        InvoiceStatus::Paid => &event_type::INVOICE_PAID,
        InvoiceStatus::Cancelled => &event_type::INVOICE_CANCELLED,
    }
}

#[cfg(test)]
mod tests;
