//! The outbox of a transaction, and the timelines.

mod many;

use std::sync::LazyLock;

use app::{
    events::SpeltEvent,
    ports::{AggregateKind, Outbox, StorageError},
    traces,
};
use async_trait::async_trait;
use domain::{
    actor::Actor,
    event::{DomainEvent, Happening},
    payments::{PaymentStatus, Progress},
};
use tokio_postgres::types::Json;
use uuid::Uuid;

use self::many::{APPEND_ALL, Lists};
use crate::{
    invoicing::{INSERT, INSERT_SQL},
    payments::attempt_columns,
    unit_of_work::{OwnedParam, PgUnitOfWork, Write, joined},
};

const APPEND: &str = "
    INSERT INTO outbox (event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                        created_at, day, trace_context)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ($8 AT TIME ZONE 'UTC')::date, $9)";

const ENTER: &str = "
    INSERT INTO invoice_timeline (event_id, invoice_id, version, type, occurred_at, actor_kind, actor, changes)
    VALUES ($1, $4, $5, $6, $8, $10, $11, $12)";

const ENTER_PAYMENT: &str = "
    INSERT INTO payment_events (event_id, payment_id, version, type, occurred_at, status, attempt, answer_code,
                                trace_context, actor_kind, actor, changes)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

const ENTER_REFUND: &str = "
    INSERT INTO refund_events (event_id, refund_id, version, type, occurred_at, status, attempt, answer_code,
                               trace_context, actor_kind, actor, changes)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

/// The event of an invoice, for delivery and in its timeline.
pub(super) const APPEND_WITH_TIMELINE: Write = Write {
    parts: &[("appended", APPEND), ("entered", ENTER)],
    params: 12,
};

pub(super) static APPEND_WITH_TIMELINE_SQL: LazyLock<String> =
    LazyLock::new(|| joined(&[&APPEND_WITH_TIMELINE]));

/// A draft and its first event: nearly every new invoice is one.
pub(super) static DRAFT_AND_APPEND_SQL: LazyLock<String> =
    LazyLock::new(|| joined(&[&INSERT, &APPEND_WITH_TIMELINE]));

#[async_trait]
impl Outbox for PgUnitOfWork {
    async fn append(&mut self, events: Vec<DomainEvent>, by: &Actor) -> Result<(), StorageError> {
        if events.len() > 1 && events.iter().all(|event| is_plain(&event.what)) {
            self.append_all(&events);
            return Ok(());
        }
        for event in &events {
            let spelt = SpeltEvent::from(event);
            self.touch(spelt.touched);
            let kind = spelt.touched.kind;
            let spelt_as = (spelt.touched.id, spelt.event_type);
            let changes = spelt.changes.clone();
            let mut columns = columns(event, spelt);
            if let Some((enter, status, progress)) = history_of(&event.what) {
                self.defer(APPEND, columns);
                let mut history = history_columns(event, spelt_as, status);
                history.extend(attempt_columns(progress));
                history.push(Box::new(cause()));
                history.extend(timeline_columns(by, changes));
                self.defer(enter, history);
            } else if kind == AggregateKind::Invoice {
                columns.extend(timeline_columns(by, changes));
                let pairs: [(&str, &str); 1] = [(&INSERT_SQL, &DRAFT_AND_APPEND_SQL)];
                self.defer_joined(&pairs, &APPEND_WITH_TIMELINE_SQL, columns);
            } else {
                self.defer(APPEND, columns);
            }
        }
        Ok(())
    }
}

impl PgUnitOfWork {
    fn append_all(&mut self, events: &[DomainEvent]) {
        let mut lists = Lists::default();
        for event in events {
            let spelt = SpeltEvent::from(event);
            self.touch(spelt.touched);
            lists.add(event, spelt);
        }
        self.defer(APPEND_ALL, lists.into_params());
    }
}

/// Whether it is entered nowhere else, and happens to many at once.
const fn is_plain(what: &Happening) -> bool {
    matches!(what, Happening::Voucher(_) | Happening::Redemption(_))
}

/// Where what happened is entered besides, if it is: payments and refunds have a history of their own.
fn history_of(what: &Happening) -> Option<(&'static str, PaymentStatus, &Progress)> {
    match what {
        Happening::Payment(happening) => {
            let facts = happening.payment();
            Some((ENTER_PAYMENT, facts.status(), &facts.progress))
        }
        Happening::Refund(happening) => {
            let facts = happening.refund();
            Some((ENTER_REFUND, facts.status(), &facts.progress))
        }
        _ => None,
    }
}

fn history_columns(
    event: &DomainEvent,
    (id, event_type): (Uuid, &'static str),
    status: PaymentStatus,
) -> Vec<OwnedParam> {
    vec![
        Box::new(event.id.as_uuid()),
        Box::new(id),
        Box::new(event.version.as_i64()),
        Box::new(event_type),
        Box::new(event.occurred_at),
        Box::new(status.code()),
    ]
}

fn columns(event: &DomainEvent, spelt: SpeltEvent) -> Vec<OwnedParam> {
    vec![
        Box::new(event.id.as_uuid()),
        Box::new(event.organization_id.as_uuid()),
        Box::new(spelt.touched.kind.code()),
        Box::new(spelt.touched.id),
        Box::new(event.version.as_i64()),
        Box::new(spelt.event_type),
        Box::new(Json(spelt.data)),
        Box::new(event.occurred_at),
        Box::new(cause()),
    ]
}

/// The trace that this belongs to, for whoever is told of it.
fn cause() -> Option<String> {
    traces::current().map(|context| context.to_string())
}

/// Who did it, as timelines have it: what sort, and which.
pub(crate) fn actor_parts(by: &Actor) -> (&'static str, Option<String>) {
    match by {
        Actor::ApiKey(id) => ("api_key", Some(id.to_string())),
        Actor::Role(role) => ("role", Some((*role).to_owned())),
        Actor::CommandLine => ("command_line", None),
    }
}

fn timeline_columns(by: &Actor, changes: serde_json::Value) -> [OwnedParam; 3] {
    let (actor_kind, actor) = actor_parts(by);
    [
        Box::new(actor_kind),
        Box::new(actor),
        Box::new(Json(changes)),
    ]
}
