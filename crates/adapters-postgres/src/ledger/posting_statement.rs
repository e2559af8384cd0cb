//! Writing a batch of postings: one statement, whatever their number.

mod payments;

use std::sync::LazyLock;

use app::{
    ledger::TransferView,
    ports::{PostingBatch, StorageError},
    traces::TraceContext,
};
use domain::{
    ledger::{Entry, PostedTransfer, Standing},
    values::Metadata,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{error::corrupt, unit_of_work::OwnedParam};

/// Moves the pages that still stand as they were decided on, counts those that had to stay so, writes what was decided, and
/// fails unless all pages were as they had to be. The version alone does not tell: a server that has lost its last commits
/// counts on from an earlier one.
const PAGES: &str = "
    WITH moved AS (
        UPDATE account_standings AS s
           SET balance_minor = c.new_balance, held_minor = c.new_held, last_sequence = c.new_sequence,
               last_entry_at = c.new_last_entry_at, version = c.new_version
          FROM unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[],
                      $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::timestamptz[], $13::bigint[])
               AS c (account_id, shard, version, balance, held, sequence, status, overdraft_limit, new_balance, new_held,
                     new_sequence, new_last_entry_at, new_version)
         WHERE s.account_id = c.account_id AND s.shard = c.shard AND s.version = c.version
           AND s.balance_minor = c.balance AND s.held_minor = c.held AND s.last_sequence = c.sequence
           AND s.status = c.status AND s.overdraft_limit_minor IS NOT DISTINCT FROM c.overdraft_limit
        RETURNING 1),
    stayed AS (
        SELECT 1
          FROM unnest($14::uuid[], $15::smallint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::text[],
                      $21::bigint[])
               AS r (account_id, shard, version, balance, held, sequence, status, overdraft_limit)
          JOIN account_standings AS s
            ON s.account_id = r.account_id AND s.shard = r.shard AND s.version = r.version
           AND s.balance_minor = r.balance AND s.held_minor = r.held AND s.last_sequence = r.sequence
           AND s.status = r.status AND s.overdraft_limit_minor IS NOT DISTINCT FROM r.overdraft_limit)";

/// The transfers and their entries.
const LINES: &str = ",
    line AS MATERIALIZED (
        SELECT *
          FROM unnest($22::uuid[], $23::uuid[], $24::text[], $25::uuid[], $26::smallint[], $27::bigint[], $28::uuid[],
                      $29::smallint[], $30::bigint[], $31::bigint[], $32::text[], $33::text[], $34::text[], $35::text[],
                      $36::uuid[], $37::timestamptz[], $38::uuid[], $39::text[], $40::text[])
               AS t (organization_id, id, kind, source_account_id, source_shard, source_sequence, destination_account_id,
                     destination_shard, destination_sequence, amount_minor, currency, description, reference, metadata,
                     reverses, created_at, event_id, payload, trace_context)),
    booked AS (
        INSERT INTO transfers (organization_id, id, kind, source_account_id, source_shard, source_sequence,
                               destination_account_id, destination_shard, destination_sequence, amount_minor, currency,
                               description, reference, metadata, reverses, created_at)
        SELECT organization_id, id, kind, source_account_id, source_shard, source_sequence, destination_account_id,
               destination_shard, destination_sequence, amount_minor, currency, description, reference, metadata::jsonb,
               reverses, created_at
          FROM line),
    entered AS (
        INSERT INTO entries (account_id, shard, sequence, transfer_id, amount_minor, balance_after_minor, created_at)
        SELECT *
          FROM unnest($41::uuid[], $42::smallint[], $43::bigint[], $44::uuid[], $45::bigint[], $46::bigint[],
                      $47::timestamptz[]))";

/// What is answered.
const ANSWERS: &str = ",
    answered AS (
        INSERT INTO idempotency_keys (organization_id, key, fingerprint, answer, created_at)
        SELECT organization_id, key, fingerprint, answer, $52::timestamptz
          FROM unnest($48::uuid[], $49::text[], $50::bytea[], $51::bytea[])
               AS a (organization_id, key, fingerprint, answer))";

/// What is told of the transfers: rows of the outbox.
const TOLD: &str = "
        SELECT event_id, organization_id, 'transfer', id, 1, 'transfer.posted', payload::json, created_at,
               (created_at AT TIME ZONE 'UTC')::date, trace_context
          FROM line";

/// Tells everything of a batch with one statement, since each of its own would have to find the day's partition again.
fn announcing(told: &[&str]) -> String {
    let told = told.join(" UNION ALL");
    format!(
        ",
    announced AS (
        INSERT INTO outbox (event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                            created_at, day, trace_context)
{told})"
    )
}

/// Fails unless as many pages as the last parameter says were as they had to be.
fn verdict(pages: usize) -> String {
    format!(
        " SELECT refuse_stale_standings((SELECT count(*) FROM moved) + (SELECT count(*) FROM stayed), ${pages}::bigint)"
    )
}

static WRITE_PAGES: LazyLock<String> = LazyLock::new(|| format!("{PAGES}{}", verdict(22)));

static WRITE: LazyLock<String> = LazyLock::new(|| {
    let announced = announcing(&[TOLD]);
    format!("{PAGES}{LINES}{announced}{ANSWERS}{}", verdict(53))
});

static WRITE_WITH_PAYMENTS: LazyLock<String> = LazyLock::new(|| {
    let (paid, announced) = (payments::PARTS, announcing(&[TOLD, payments::TOLD]));
    format!("{PAGES}{LINES}{paid}{announced}{ANSWERS}{}", verdict(53))
});

/// Whether pages are all that is written, as when money is only reserved.
const fn has_only_pages(batch: &PostingBatch) -> bool {
    batch.lines.is_empty() && batch.answers.is_empty() && batch.payments.is_empty()
}

/// The statement that writes a batch like this.
pub(super) fn of(batch: &PostingBatch) -> &'static str {
    if has_only_pages(batch) {
        &WRITE_PAGES
    } else if batch.payments.is_empty() {
        &WRITE
    } else {
        &WRITE_WITH_PAYMENTS
    }
}

/// The values of the statement.
pub(super) fn values(
    batch: &PostingBatch,
    now: Timestamp,
) -> Result<Vec<OwnedParam>, StorageError> {
    let mut values = Vec::with_capacity(53);
    push_pages(&mut values, batch);
    if !has_only_pages(batch) {
        push_lines(&mut values, batch)?;
        push_entries(&mut values, batch);
        push_answers(&mut values, batch, now);
    }
    let pages = batch.changes.len() + batch.relied_on.len();
    values.push(Box::new(i64::try_from(pages).unwrap_or(i64::MAX)));
    if !batch.payments.is_empty() {
        payments::push(&mut values, &batch.payments);
    }
    Ok(values)
}

fn push_pages(values: &mut Vec<OwnedParam>, batch: &PostingBatch) {
    let changes = &batch.changes;
    let before: Vec<_> = changes.iter().map(|change| change.before).collect();
    push_standings(values, &before);
    values.push(column(changes, |it| it.after.balance_minor));
    values.push(column(changes, |it| it.after.held_minor));
    values.push(column(changes, |it| it.after.last_sequence));
    values.push(column(changes, |it| it.after.last_entry_at));
    values.push(column(changes, |it| it.after.version.as_i64()));
    push_standings(values, &batch.relied_on);
}

/// How pages stood when they were decided on.
fn push_standings(values: &mut Vec<OwnedParam>, standings: &[Standing]) {
    values.push(column(standings, |it| it.folio.account_id.as_uuid()));
    values.push(column(standings, |it| it.folio.shard.as_i16()));
    values.push(column(standings, |it| it.version.as_i64()));
    values.push(column(standings, |it| it.balance_minor));
    values.push(column(standings, |it| it.held_minor));
    values.push(column(standings, |it| it.last_sequence));
    values.push(column(standings, |it| it.status.code()));
    values.push(column(standings, |it| it.overdraft_limit.as_minor()));
}

fn push_lines(values: &mut Vec<OwnedParam>, batch: &PostingBatch) -> Result<(), StorageError> {
    let transfers: Vec<_> = batch.lines.iter().map(|line| &line.transfer).collect();
    let payload = |it: &&PostedTransfer| serde_json::to_string(&TransferView::from(*it));
    let payloads: Result<Vec<_>, _> = transfers.iter().map(payload).collect();
    values.push(column(&transfers, |it| it.order.organization_id.as_uuid()));
    values.push(column(&transfers, |it| it.order.id.as_uuid()));
    values.push(column(&transfers, |it| it.order.kind.code()));
    values.push(column(&transfers, |it| {
        it.order.source.account_id.as_uuid()
    }));
    values.push(column(&transfers, |it| it.order.source.shard.as_i16()));
    values.push(column(&transfers, |it| it.posting.source.sequence));
    values.push(column(&transfers, |it| {
        it.order.destination.account_id.as_uuid()
    }));
    values.push(column(&transfers, |it| it.order.destination.shard.as_i16()));
    values.push(column(&transfers, |it| it.posting.destination.sequence));
    values.push(column(&transfers, |it| it.order.amount.as_minor()));
    values.push(column(&transfers, |it| it.order.currency.code()));
    values.push(column(&transfers, |it| {
        text(it.order.details.description.as_ref(), |it| it.as_str())
    }));
    values.push(column(&transfers, |it| {
        text(it.order.details.reference.as_ref(), |it| it.as_str())
    }));
    values.push(column(&transfers, |it| {
        metadata(&it.order.details.metadata)
    }));
    values.push(column(&transfers, |it| {
        it.order.details.reverses.map(|id| id.as_uuid())
    }));
    values.push(column(&transfers, |it| it.posting.posted_at));
    values.push(column(&batch.lines, |it| it.event_id.as_uuid()));
    values.push(Box::new(payloads.map_err(|why| corrupt("transfer", why))?));
    values.push(column(&batch.lines, |it| traceparent(it.cause)));
    Ok(())
}

/// Entries stand in the order of their pages, so that those that belong together are written together.
fn push_entries(values: &mut Vec<OwnedParam>, batch: &PostingBatch) {
    let sides = |PostedTransfer { order, posting }: &PostedTransfer| {
        let side = |entry: Entry| (entry, order.id.as_uuid(), posting.posted_at);
        [side(posting.source), side(posting.destination)]
    };
    let mut entries: Vec<(Entry, Uuid, Timestamp)> = batch
        .lines
        .iter()
        .flat_map(|line| sides(&line.transfer))
        .collect();
    entries.sort_unstable_by_key(|(entry, ..)| (entry.folio, entry.sequence));
    values.push(column(&entries, |(it, ..)| it.folio.account_id.as_uuid()));
    values.push(column(&entries, |(it, ..)| it.folio.shard.as_i16()));
    values.push(column(&entries, |(it, ..)| it.sequence));
    values.push(column(&entries, |(_, transfer, _)| *transfer));
    values.push(column(&entries, |(it, ..)| it.amount_minor));
    values.push(column(&entries, |(it, ..)| it.balance_after_minor));
    values.push(column(&entries, |(.., at)| *at));
}

fn push_answers(values: &mut Vec<OwnedParam>, batch: &PostingBatch, now: Timestamp) {
    let answers = &batch.answers;
    values.push(column(answers, |it| it.scope.organization_id.as_uuid()));
    values.push(column(answers, |it| it.scope.key.as_str().to_owned()));
    values.push(column(answers, |it| it.fingerprint.0.to_vec()));
    values.push(column(answers, |it| it.answer.clone()));
    values.push(Box::new(now));
}

fn column<R, T>(rows: &[R], value: impl Fn(&R) -> T) -> OwnedParam
where
    Vec<T>: tokio_postgres::types::ToSql + Sync + Send + 'static,
{
    Box::new(rows.iter().map(value).collect::<Vec<T>>())
}

fn text<T>(value: Option<&T>, as_str: impl Fn(&T) -> &str) -> Option<String> {
    value.map(|value| as_str(value).to_owned())
}

/// Most have none, and cost nothing.
fn traceparent(cause: Option<TraceContext>) -> Option<String> {
    cause.map(|cause| cause.to_string())
}

/// Most have none; an object of strings always reads as JSON.
fn metadata(metadata: &Metadata) -> Option<String> {
    let pairs = metadata.pairs();
    (!pairs.is_empty()).then(|| serde_json::json!(pairs).to_string())
}
