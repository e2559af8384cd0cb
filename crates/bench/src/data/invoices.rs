//! Customers and invoices as they come to be over two years, computed by the database from their position: the same for
//! every run, and nothing random about which filter finds how much.

use anyhow::ensure;
use tokio_postgres::Client;
use uuid::Uuid;

/// A number from 0 to below `sides` that looks thrown for `row_number`; throws with another `seed` are independent.
const DICE: &str = "
    CREATE FUNCTION pg_temp.dice(row_number bigint, sides bigint, seed bigint) RETURNS bigint IMMUTABLE LANGUAGE sql
    RETURN abs(hashint8extended(row_number, seed) % sides)";

const CUSTOMERS: &str = "
    INSERT INTO customers (id, organization_id, name, name_folded, metadata, created_at, updated_at, version)
    SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(c), 12, '0'))::uuid, $1, name, lower(name), '{}',
           now() - interval '3 years', now() - interval '3 years', 1
      FROM generate_series(1, 10000) AS c, LATERAL (SELECT 'Customer ' || c || ' Ltd' AS name) AS named";

/// From position to row, one step after the other: when, who, what state, which lines, which sums.
///
/// About one in twenty belongs to customer 1, one in 100,000 to customer 9999. About half of the names contain "gmbh",
/// one in 50,000 is the Zephyr Quartz Observatory. One in 20,000 is in KWD, one in 25,000 is about a fortune.
const INVOICES: &str = "
    INSERT INTO invoices (id, organization_id, number, status, customer_id, customer, customer_name_folded, seller,
                          currency, items, subtotal_minor, discount_minor, tax_minor, total_minor, amount_paid_minor,
                          tax_breakdown, rounding, due_date, notes, metadata, issued_at, paid_at, cancelled_at,
                          created_at, updated_at, version)
    SELECT (lpad(to_hex(floor(extract(epoch FROM created_at) * 1000)::bigint), 12, '0')
            || '7' || substr(digest, 1, 3) || '8' || substr(digest, 4, 15))::uuid,
           $1, CASE WHEN issued_at IS NOT NULL THEN 'INV-' || extract(year FROM created_at) || '-' || lpad(i::text, 6, '0') END,
           status, CASE WHEN pg_temp.dice(i, 5, 6) > 0
                        THEN ('00000000-0000-7000-8000-' || lpad(to_hex(c), 12, '0'))::uuid END,
           jsonb_build_object('name', name, 'email', 'billing' || c || '@example.com', 'tax_id', 'DE' || 100000000 + c,
               'address', jsonb_build_object('line1', 'Main Street ' || c, 'line2', NULL, 'city', 'Bremen',
                                             'postal_code', '28195', 'region', NULL, 'country', 'DE')),
           lower(name),
           CASE WHEN issued_at IS NOT NULL THEN jsonb_build_object('name', 'Analytical Engines Ltd', 'email', NULL,
                                                                   'address', NULL, 'tax_id', NULL) END,
           currency, items, subtotal, 0, tax, subtotal + tax, CASE status WHEN 'paid' THEN subtotal + tax ELSE 0 END,
           shares, 'half_away_from_zero', due_date, CASE WHEN i % 3 = 0 THEN 'Thank you for your order.' END,
           jsonb_build_object('order', 'A-' || i), issued_at, CASE status WHEN 'paid' THEN later END,
           CASE status WHEN 'cancelled' THEN later END, created_at,
           CASE WHEN status IN ('paid', 'cancelled') THEN later ELSE coalesce(issued_at, created_at) END,
           CASE status WHEN 'draft' THEN 1 WHEN 'sent' THEN 2 ELSE 3 END
      FROM generate_series($2::bigint, $3::bigint) AS i,
           LATERAL (SELECT date_trunc('second', now()) - interval '1 hour' - ($4::bigint - i) * (interval '730 days' / $4::bigint) AS created_at,
                           md5(i::text) AS digest, pg_temp.dice(i, 1000, 1) AS luck,
                           CASE WHEN i % 100000 = 7 THEN 9999 WHEN pg_temp.dice(i, 20, 2) = 0 THEN 1
                                ELSE 2 + pg_temp.dice(i, 9997, 3) END AS c,
                           CASE WHEN i % 20000 = 3 THEN 'KWD' WHEN pg_temp.dice(i, 100, 4) < 70 THEN 'EUR'
                                WHEN pg_temp.dice(i, 100, 4) < 95 THEN 'USD' ELSE 'GBP' END AS currency,
                           CASE WHEN i % 25000 = 5 THEN 100000 ELSE 1 END AS factor) AS thrown,
           LATERAL (SELECT CASE WHEN i % 50000 = 11 THEN 'Zephyr Quartz Observatory'
                                ELSE (ARRAY['Nordwind','Hansa','Alster','Weser','Blue Ocean','Sunrise','Atlas','Kaiser',
                                            'Delta','Polar'])[1 + c % 10] || ' '
                                  || (ARRAY['Logistik','Software','Trading','Consulting','Foods'])[1 + c / 10 % 5]
                                  || ' ' || c || (ARRAY[' GmbH',' Ltd'])[1 + c / 50 % 2] END AS name,
                           CASE WHEN created_at > now() - interval '45 days'
                                THEN CASE WHEN luck < 200 THEN 'draft' WHEN luck < 600 THEN 'sent' WHEN luck < 800 THEN 'viewed'
                                          WHEN luck < 950 THEN 'paid' ELSE 'cancelled' END
                                ELSE CASE WHEN luck < 20 THEN 'draft' WHEN luck < 40 THEN 'sent' WHEN luck < 110 THEN 'overdue'
                                          WHEN luck < 160 THEN 'cancelled' ELSE 'paid' END END AS status) AS who,
           LATERAL (SELECT CASE WHEN status <> 'draft' THEN created_at + interval '5 minutes' END AS issued_at,
                           least(created_at + interval '20 days', now()) AS later,
                           CASE WHEN status IN ('sent', 'viewed') THEN current_date + 1 + pg_temp.dice(i, 60, 5)::int
                                WHEN status = 'overdue' THEN least(created_at::date + 30, current_date - 1)
                                ELSE created_at::date + 30 END AS due_date) AS state,
           LATERAL (SELECT jsonb_agg(jsonb_build_object('description', 'Position ' || k, 'quantity', quantity::text,
                               'unit_price_minor', price, 'tax_rate_bps', bps, 'unit', 'C62', 'net_minor', quantity * price)) AS items,
                           jsonb_agg(jsonb_build_object('tax_rate_bps', bps, 'taxable_minor', quantity * price,
                               'tax_minor', round(quantity * price * bps / 10000.0)::bigint)) AS shares,
                           sum(quantity * price)::bigint AS subtotal,
                           sum(round(quantity * price * bps / 10000.0))::bigint AS tax
                      FROM generate_series(1, 1 + pg_temp.dice(i, 3, 7)) AS k,
                           LATERAL (SELECT 1 + pg_temp.dice(i, 10, 10 + k) AS quantity,
                                           (500 + pg_temp.dice(i, 50000, 20 + k)) * factor AS price,
                                           (ARRAY[0, 700, 1900])[k] AS bps) AS line) AS sums";

const SUMMARY: &str = "
    INSERT INTO invoice_summary (organization_id, currency, status, due_date, count, total_minor, due_minor)
    SELECT organization_id, currency, status, due_date, count(*), sum(total_minor),
           sum(CASE status WHEN 'cancelled' THEN 0 ELSE total_minor - amount_paid_minor END)
      FROM invoices GROUP BY organization_id, currency, status, due_date";

const CLIENTS: &str = "
    INSERT INTO invoice_clients (organization_id, name_folded, grams)
    SELECT organization_id, name,
           array_to_tsvector((SELECT array_agg(DISTINCT right(organization_id::text, 6) || substr(name, start, 3))
                                FROM generate_series(1, length(name)) AS start))
      FROM (SELECT DISTINCT organization_id, customer_name_folded FROM invoices) AS named (organization_id, name)";

/// How many rows one statement makes.
const BATCH: i64 = 50_000;

/// Fills the tables.
pub(super) async fn insert_invoices(
    client: &Client,
    organization: Uuid,
    count: i64,
) -> anyhow::Result<()> {
    ensure!(count > 0, "there must be invoices");
    client.batch_execute(DICE).await?;
    client.execute(CUSTOMERS, &[&organization]).await?;
    let statement = client.prepare(INVOICES).await?;
    let mut first = 1;
    while first <= count {
        let last = count.min(first + BATCH - 1);
        client
            .execute(&statement, &[&organization, &first, &last, &count])
            .await?;
        first = last + 1;
    }
    client.execute(CLIENTS, &[]).await?;
    client.execute(SUMMARY, &[]).await?;
    Ok(())
}
