//! The payments of a batch: their rows, their histories and their events.

use app::{events::SpeltEvent, ports::CarriedOutPayment};
use domain::payments::PaymentFacts;

use super::{column, metadata, text, traceparent};
use crate::{platform::actor_parts, unit_of_work::OwnedParam};

/// What only a worker writes is as it is between two accounts: no attempts, no checks, nothing that a provider said.
pub(super) const PARTS: &str = ",
    carried_out AS MATERIALIZED (
        SELECT *
          FROM unnest($54::uuid[], $55::uuid[], $56::uuid[], $57::uuid[], $58::bigint[], $59::text[], $60::text[],
                      $61::text[], $62::timestamptz[], $63::bigint[], $64::uuid[], $65::text[], $66::text[], $67::text[],
                      $68::text[], $69::text[], $70::text[])
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
          FROM carried_out)";

/// What is told of them: rows of the outbox.
pub(super) const TOLD: &str = "
        SELECT event_id, organization_id, 'payment', id, version, type, payload::json, made_at,
               (made_at AT TIME ZONE 'UTC')::date, trace_context
          FROM carried_out";

/// The values of [`PARTS`] and [`TOLD`].
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
