//! The payments of a batch: their rows, their histories and their events.

use app::{events::SpeltEvent, ports::CarriedOutPayment};
use domain::payments::PaymentFacts;

use super::{column, metadata, text, traceparent};
use crate::{platform::actor_parts, unit_of_work::OwnedParam};

/// What only a worker writes is as it is between two accounts: no attempts, no checks, nothing that a provider said.
pub(super) const PARTS: &str = "
    carried_out AS MATERIALIZED (
        SELECT *
          FROM unnest($44::uuid[], $45::uuid[], $46::uuid[], $47::uuid[], $48::bigint[], $49::text[], $50::text[],
                      $51::text[], $52::timestamptz[], $53::bigint[], $54::uuid[], $55::text[], $56::text[], $57::text[],
                      $58::text[], $59::text[], $60::text[])
               AS p (organization_id, id, source_account_id, destination_account_id, amount_minor, currency, description,
                     metadata, made_at, version, event_id, type, actor_kind, actor, changes, payload, trace_context)),
    paid AS (
        INSERT INTO payments (organization_id, id, payment_type, status, source_account_id, destination_account_id,
                              amount_minor, currency, description, metadata, attempts, checks, ended_at, refunded_minor,
                              refunding_minor, created_at, updated_at, version)
        SELECT organization_id, id, 'internal_transfer', 'completed', source_account_id, destination_account_id,
               amount_minor, currency, description, metadata::jsonb, 0, 0, made_at, 0, 0, made_at, made_at, version
          FROM carried_out),
    recorded AS (
        INSERT INTO payment_events (event_id, payment_id, version, type, occurred_at, status, attempt, actor_kind, actor,
                                    changes, trace_context)
        SELECT event_id, id, version, type, made_at, 'completed', 0, actor_kind, actor, changes::json, trace_context
          FROM carried_out),
    told AS (
        INSERT INTO outbox (event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                            created_at, day, trace_context)
        SELECT event_id, organization_id, 'payment', id, version, type, payload::json, made_at,
               (made_at AT TIME ZONE 'UTC')::date, trace_context
          FROM carried_out)";

/// The values of [`PARTS`].
pub(super) fn push(values: &mut Vec<OwnedParam>, payments: &[CarriedOutPayment]) {
    let facts: Vec<_> = payments.iter().map(|it| &it.payment).collect();
    push_rows(values, &facts);
    push_events(values, payments);
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

/// What happened to each, and by whom.
fn push_events(values: &mut Vec<OwnedParam>, payments: &[CarriedOutPayment]) {
    let spelt: Vec<_> = payments
        .iter()
        .map(|it| SpeltEvent::from(&it.event))
        .collect();
    let actors: Vec<_> = payments.iter().map(|it| actor_parts(&it.by)).collect();
    values.push(column(payments, |it| it.event.id.as_uuid()));
    values.push(column(&spelt, |it| it.event_type));
    values.push(column(&actors, |(kind, _)| *kind));
    values.push(column(&actors, |(_, actor)| actor.clone()));
    values.push(column(&spelt, |it| it.changes.to_string()));
    values.push(column(&spelt, |it| it.data.get().to_owned()));
    values.push(column(payments, |it| traceparent(it.cause)));
}
