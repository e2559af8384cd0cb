//! Drafts under keys, many at once: what the service does most.

/// The same as a draft, its first event and the answer under its key, for as many of them as the lists have. Keys are taken
/// in their order, so that two that bring the same ones do not wait for each other in a circle. It does not
/// wait for somebody who is taking the last invoice of a name away, as each by itself would: a name that it cannot lock
/// becomes none, which the table refuses. A key that somebody else is at is not waited for longer than a moment: then whoever has
/// it waits by himself.
pub(crate) const DRAFTS: &str = "
    WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', '100ms', true)),
    draft AS MATERIALIZED (
        SELECT draft.* FROM patience CROSS JOIN unnest(
            $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::jsonb[], $8::jsonb[], $9::text[],
            $10::jsonb[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::jsonb[],
            $17::text[], $18::date[], $19::text[], $20::jsonb[], $21::timestamptz[], $22::timestamptz[],
            $23::timestamptz[], $24::timestamptz[], $25::timestamptz[], $26::bigint[], $27::text[],
            $28::uuid[], $29::uuid[], $30::text[], $31::uuid[], $32::bigint[], $33::text[], $34::json[],
            $35::timestamptz[], $36::text[], $37::text[], $38::text[], $39::jsonb[],
            $40::uuid[], $41::text[], $42::bytea[], $43::bytea[], $44::timestamptz[])
        AS draft (id, organization_id, number, status, customer_id, customer_name_folded, customer, seller, currency,
                  items, subtotal_minor, discount_minor, tax_minor, total_minor, amount_paid_minor, tax_breakdown,
                  rounding, due_date, notes, metadata, issued_at, paid_at,
                  cancelled_at, created_at, updated_at, version, words,
                  event_id, event_of, aggregate_type, aggregate_id, aggregate_version, event_type, payload,
                  happened_at, trace_context, actor_kind, actor, changes,
                  key_of, key, fingerprint, answer, answered_at)),
    written AS (
        INSERT INTO invoices (id, organization_id, number, status, customer_id, customer_name_folded, customer, seller,
                              currency, items, subtotal_minor, discount_minor, tax_minor, total_minor,
                              amount_paid_minor, tax_breakdown, rounding, due_date, notes, metadata, issued_at,
                              paid_at, cancelled_at, created_at, updated_at, version)
        SELECT id, organization_id, number, status, customer_id, customer_name_folded, customer, seller,
               currency, items, subtotal_minor, discount_minor, tax_minor, total_minor,
               amount_paid_minor, tax_breakdown, rounding, due_date, notes, metadata, issued_at,
               paid_at, cancelled_at, created_at, updated_at, version
          FROM draft),
    named AS (
        INSERT INTO invoice_clients (organization_id, name_folded, grams)
        SELECT organization_id, CASE WHEN pg_try_advisory_xact_lock_shared(lock) THEN name END,
               array_to_tsvector(string_to_array(words, E'\\x1f'))
          FROM (SELECT DISTINCT hashtextextended(customer_name_folded, hashtextextended(organization_id::text, 1)) AS lock,
                       organization_id, customer_name_folded AS name, words
                  FROM draft ORDER BY lock) AS names
        ON CONFLICT (organization_id, name_folded) DO NOTHING),
    summed AS (
        INSERT INTO invoice_summary_changes (organization_id, currency, status, due_date, count, total_minor, due_minor)
        SELECT organization_id, currency, status, due_date, count(*), sum(total_minor), sum(total_minor - amount_paid_minor)
          FROM draft GROUP BY organization_id, currency, status, due_date),
    appended AS (
        INSERT INTO outbox (event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                            created_at, day, trace_context)
        SELECT event_id, event_of, aggregate_type, aggregate_id, aggregate_version, event_type, payload,
               happened_at, (happened_at AT TIME ZONE 'UTC')::date, trace_context
          FROM draft),
    entered AS (
        INSERT INTO invoice_timeline (event_id, invoice_id, version, type, occurred_at, actor_kind, actor, changes)
        SELECT event_id, aggregate_id, aggregate_version, event_type, happened_at, actor_kind, actor, changes
          FROM draft)
    INSERT INTO idempotency_keys (organization_id, key, fingerprint, answer, created_at)
    SELECT key_of, key, fingerprint, answer, answered_at FROM draft ORDER BY key_of, key";
