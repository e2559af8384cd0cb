//! The payments of a batch: their rows, their histories and their events.

use app::{events::SpeltEvent, ports::CarriedOutPayment};
use domain::{
    event::{DomainEvent, Happening},
    payments::PaymentFacts,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{column, metadata, text};
use crate::{platform::actor_parts, unit_of_work::OwnedParam};

/// What only a worker writes is as it is between two accounts: no attempts, no checks, nothing that a provider said.
pub(super) const PARTS: &str = "
    paid AS (
        INSERT INTO payments (organization_id, id, payment_type, status, source_account_id, destination_account_id,
                              amount_minor, currency, description, metadata, attempts, checks, ended_at, refunded_minor,
                              refunding_minor, created_at, updated_at, version)
        SELECT organization_id, id, 'internal_transfer', 'completed', source_account_id, destination_account_id,
               amount_minor, currency, description, metadata::jsonb, 0, 0, made_at, 0, 0, made_at, made_at, version
          FROM unnest($43::uuid[], $44::uuid[], $45::uuid[], $46::uuid[], $47::bigint[], $48::text[], $49::text[],
                      $50::text[], $51::timestamptz[], $52::bigint[])
               AS p (organization_id, id, source_account_id, destination_account_id, amount_minor, currency, description,
                     metadata, made_at, version)),
    happening AS MATERIALIZED (
        SELECT *
          FROM unnest($53::uuid[], $54::uuid[], $55::uuid[], $56::bigint[], $57::text[], $58::text[], $59::text[],
                      $60::text[], $61::timestamptz[], $62::text[], $63::text[])
               AS h (event_id, organization_id, payment_id, version, type, status, actor_kind, actor, occurred_at, changes,
                     payload)),
    recorded AS (
        INSERT INTO payment_events (event_id, payment_id, version, type, occurred_at, status, attempt, actor_kind, actor,
                                    changes)
        SELECT event_id, payment_id, version, type, occurred_at, status, 0, actor_kind, actor, changes::json
          FROM happening),
    told AS (
        INSERT INTO outbox (event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                            created_at, day)
        SELECT event_id, organization_id, 'payment', payment_id, version, type, payload::json, occurred_at,
               (occurred_at AT TIME ZONE 'UTC')::date
          FROM happening)";

/// The values of [`PARTS`].
pub(super) fn push(values: &mut Vec<OwnedParam>, payments: &[CarriedOutPayment]) {
    let facts: Vec<_> = payments.iter().map(|it| &it.payment).collect();
    push_rows(values, &facts);
    let happened: Vec<_> = payments.iter().flat_map(Happened::to).collect();
    push_events(values, &happened);
}

fn push_rows(values: &mut Vec<OwnedParam>, payments: &[&PaymentFacts]) {
    values.push(column(payments, |it| it.organization_id.as_uuid()));
    values.push(column(payments, |it| it.id.as_uuid()));
    values.push(column(payments, |it| {
        it.kind.source_account_id().map(|id| id.as_uuid())
    }));
    values.push(column(payments, |it| {
        it.kind.destination_account_id().map(|id| id.as_uuid())
    }));
    values.push(column(payments, |it| it.amount.as_minor()));
    values.push(column(payments, |it| it.currency.code()));
    values.push(column(payments, |it| {
        text(it.description.as_ref(), |it| it.as_str())
    }));
    values.push(column(payments, |it| metadata(&it.metadata)));
    values.push(column(payments, |it| it.updated_at));
    values.push(column(payments, |it| it.version.as_i64()));
}

/// An event of a payment, as it is stored.
struct Happened {
    id: Uuid,
    spelt: SpeltEvent,
    status: &'static str,
    actor: (&'static str, Option<String>),
    at: Timestamp,
}

impl Happened {
    /// What happened to a payment, in the order of its versions.
    fn to(payment: &CarriedOutPayment) -> impl Iterator<Item = Self> {
        payment.events.iter().map(|event| Self {
            id: event.id.as_uuid(),
            spelt: SpeltEvent::from(event),
            status: status_after(event, &payment.payment),
            actor: actor_parts(&payment.by),
            at: event.occurred_at,
        })
    }
}

fn status_after(event: &DomainEvent, payment: &PaymentFacts) -> &'static str {
    let after = match &event.what {
        Happening::Payment(happening) => happening.payment(),
        _ => payment,
    };
    after.status().code()
}

fn push_events(values: &mut Vec<OwnedParam>, events: &[Happened]) {
    values.push(column(events, |it| it.id));
    values.push(column(events, |it| {
        it.spelt.touched.organization_id.as_uuid()
    }));
    values.push(column(events, |it| it.spelt.touched.id));
    values.push(column(events, |it| it.spelt.touched.version.as_i64()));
    values.push(column(events, |it| it.spelt.event_type));
    values.push(column(events, |it| it.status));
    values.push(column(events, |it| it.actor.0));
    values.push(column(events, |it| it.actor.1.clone()));
    values.push(column(events, |it| it.at));
    values.push(column(events, |it| it.spelt.changes.to_string()));
    values.push(column(events, |it| it.spelt.data.to_string()));
}
