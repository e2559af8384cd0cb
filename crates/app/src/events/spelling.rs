//! How events are spelt outside of the service.

use domain::{
    customers::CustomerEvent,
    event::{DomainEvent, Happening},
    invoicing::{Decision, InvoiceEvent, InvoiceStatus, Review},
    ledger::{AccountEvent, HoldEvent, HoldStatus},
    platform::{ApiKeyEvent, OrganizationEvent},
    wallets::UserEvent,
    webhooks::WebhookEvent,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    customers::CustomerView,
    invoicing::{InvoiceView, ReviewView},
    ledger::{AccountView, HoldView},
    platform::OrganizationView,
    ports::{AggregateKind, Touched},
    wallets::UserView,
    webhooks::WebhookView,
};

/// An event as it is stored and sent.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeltEvent {
    /// What it happened to.
    pub touched: Touched,
    /// What happened: `invoice.sent`.
    pub event_type: &'static str,
    /// The resource as it is afterwards, in the form of the API.
    pub data: Value,
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
            Happening::User(happening) => user(happening),
            Happening::Webhook(happening) => webhook(happening),
        };
        let touched = Touched {
            kind: spelt.kind,
            organization_id: event.organization_id,
            id: spelt.id,
            version: event.version,
        };
        Self {
            touched,
            event_type: spelt.event_type,
            data: spelt.data,
            changes: spelt.changes,
        }
    }
}

struct Spelt {
    kind: AggregateKind,
    id: Uuid,
    event_type: &'static str,
    data: Value,
    changes: Value,
}

fn organization(event: &DomainEvent, happening: &OrganizationEvent) -> Spelt {
    let (event_type, facts) = match happening {
        OrganizationEvent::Created(facts) => ("organization.created", facts),
        OrganizationEvent::Updated(facts) => ("organization.updated", facts),
    };
    Spelt {
        kind: AggregateKind::Organization,
        id: event.organization_id.as_uuid(),
        event_type,
        data: json!(OrganizationView::from(facts)),
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
            (id, "api_key.created", data)
        }
        ApiKeyEvent::Revoked { id } => (id, "api_key.revoked", json!({"id": id.to_string()})),
    };
    Spelt {
        kind: AggregateKind::ApiKey,
        id: id.as_uuid(),
        event_type,
        data,
        changes: json!({}),
    }
}

fn customer(happening: &CustomerEvent) -> Spelt {
    let (event_type, facts) = match happening {
        CustomerEvent::Created(facts) => ("customer.created", facts),
        CustomerEvent::Updated(facts) => ("customer.updated", facts),
        CustomerEvent::Archived(facts) => ("customer.archived", facts),
    };
    Spelt {
        kind: AggregateKind::Customer,
        id: facts.id.as_uuid(),
        event_type,
        data: json!(CustomerView::from(facts)),
        changes: json!({}),
    }
}

fn invoice(happening: &InvoiceEvent) -> Spelt {
    let facts = happening.invoice();
    let (event_type, changes) = match happening {
        InvoiceEvent::Created(_) => ("invoice.created", json!({})),
        InvoiceEvent::Updated { changed, .. } => ("invoice.updated", json!({"fields": changed})),
        InvoiceEvent::StatusChanged { change, .. } => {
            let step = json!({"status": {"from": change.from.code(), "to": change.to.code()}});
            (status_event(change.to), step)
        }
        InvoiceEvent::Reviewed(_) => (review_event(&facts.review), reviewed(&facts.review)),
        InvoiceEvent::Deleted(_) => ("invoice.deleted", json!({})),
    };
    Spelt {
        kind: AggregateKind::Invoice,
        id: facts.id.as_uuid(),
        event_type,
        data: json!(InvoiceView::from(facts)),
        changes,
    }
}

fn review_event(review: &Review) -> &'static str {
    match review.verdict().map(|verdict| &verdict.decision) {
        Some(Decision::Rejected(_)) => "invoice.rejected",
        Some(Decision::Approved) | None => "invoice.approved",
    }
}

fn reviewed(review: &Review) -> Value {
    let step = json!({"from": Review::PENDING, "to": review.status_code()});
    json!({"review": step, "reasons": ReviewView::from(review).reasons})
}

fn account(happening: &AccountEvent) -> Spelt {
    let (event_type, facts) = match happening {
        AccountEvent::Opened(facts) => ("account.opened", facts),
        AccountEvent::Updated(facts) => ("account.updated", facts),
        AccountEvent::Closed(facts) => ("account.closed", facts),
    };
    Spelt {
        kind: AggregateKind::Account,
        id: facts.id.as_uuid(),
        event_type,
        data: json!(AccountView::from(facts)),
        changes: json!({}),
    }
}

fn hold(happening: &HoldEvent) -> Spelt {
    let (HoldEvent::Created(facts) | HoldEvent::Resolved(facts)) = happening;
    let event_type = match facts.status {
        HoldStatus::Pending => "hold.created",
        HoldStatus::Captured { .. } => "hold.captured",
        HoldStatus::Voided { .. } => "hold.voided",
        HoldStatus::Expired { .. } => "hold.expired",
    };
    Spelt {
        kind: AggregateKind::Hold,
        id: facts.id.as_uuid(),
        event_type,
        data: json!(HoldView::from(facts)),
        changes: json!({}),
    }
}

fn user(happening: &UserEvent) -> Spelt {
    let (event_type, facts) = match happening {
        UserEvent::Registered(facts) => ("user.created", facts),
        UserEvent::Updated(facts) => ("user.updated", facts),
        UserEvent::Closed(facts) => ("user.closed", facts),
    };
    Spelt {
        kind: AggregateKind::User,
        id: facts.id.as_uuid(),
        event_type,
        data: json!(UserView::from(facts)),
        changes: json!({}),
    }
}

fn webhook(happening: &WebhookEvent) -> Spelt {
    let (event_type, facts) = match happening {
        WebhookEvent::Created(facts) => ("webhook.created", facts),
        WebhookEvent::Updated(facts) => ("webhook.updated", facts),
        WebhookEvent::SecretRotated(facts) => ("webhook.secret_rotated", facts),
        WebhookEvent::Disabled(facts) => ("webhook.disabled", facts),
        WebhookEvent::Deleted(facts) => ("webhook.deleted", facts),
    };
    Spelt {
        kind: AggregateKind::Webhook,
        id: facts.id.as_uuid(),
        event_type,
        data: json!(WebhookView::from(facts)),
        changes: json!({}),
    }
}

const fn status_event(status: InvoiceStatus) -> &'static str {
    match status {
        InvoiceStatus::Draft => "invoice.created",
        InvoiceStatus::Sent => "invoice.sent",
        InvoiceStatus::Viewed => "invoice.viewed",
        InvoiceStatus::Overdue => "invoice.overdue",
        InvoiceStatus::Paid => "invoice.paid",
        InvoiceStatus::Cancelled => "invoice.cancelled",
    }
}

#[cfg(test)]
mod tests;
