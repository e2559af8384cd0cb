//! Looking through the books after a fault.

use serde_json::Value;
use tests::{Client, Database, assert_every_change_is_told, verify_ledger};

use crate::load::Order;

const CHANGES_NOT_IN_THE_TIMELINE: &str = "
    SELECT count(*) FROM invoices
     WHERE version <> (SELECT count(*) FROM invoice_timeline WHERE invoice_id = invoices.id)";

const ISSUED_WITHOUT_REGISTRATION: &str = "
    SELECT count(*) FROM invoices FULL JOIN invoice_numbers AS taken
        ON taken.invoice_id = invoices.id AND taken.number = invoices.number
     WHERE (invoices.issued_at IS NOT NULL) <> (taken.invoice_id IS NOT NULL)";

/// What an invoice was paid is what its payments are, but for what went back (I4).
const PAID_OTHERWISE: &str = "
    SELECT count(*) FROM invoices AS i
     WHERE amount_paid_minor > total_minor
        OR amount_paid_minor <> (SELECT coalesce(sum(amount_minor - refunded_minor), 0) FROM invoice_payments
                                  WHERE invoice_id = i.id)";

/// What a payment is to an invoice is what it was itself, once it was completed.
const PAID_BY_WHAT_WAS_NOT: &str = "
    SELECT count(*) FROM invoice_payments AS paid FULL JOIN
           (SELECT * FROM payments
             WHERE invoice_id IS NOT NULL AND status IN ('completed', 'partially_refunded', 'refunded')) AS p
        ON p.id = paid.payment_id
     WHERE CASE WHEN paid.id IS NULL THEN true
                WHEN p.id IS NULL THEN paid.payment_id IS NOT NULL
                ELSE (p.invoice_id, p.amount_minor, p.refunded_minor)
                     <> (paid.invoice_id, paid.amount_minor, paid.refunded_minor) END";

const SCAN: &str =
    "SELECT count(*), coalesce(sum(total_minor), 0)::bigint FROM invoices WHERE status = $1";

/// Fails if anything is missing, or there is anything that nobody asked for. The orders are all of the database.
pub(crate) async fn audit(client: &Client, database: &Database, orders: &[Order]) {
    for order in orders {
        let invoice = client
            .get(&format!("/invoices/{}", order.id))
            .await
            .expect(200);
        assert_eq!(
            (invoice["status"].as_str(), invoice["version"].as_i64()),
            (Some(order.status), Some(order.version))
        );
    }
    let stored = database.count("SELECT count(*) FROM invoices", &[]).await;
    let stored = usize::try_from(stored).expect("a count");
    tests::note_audit(
        orders.len().saturating_sub(stored),
        stored.saturating_sub(orders.len()),
    );
    assert_eq!(stored, orders.len(), "each order is one invoice");
    assert_books(client, database).await;
}

/// The same for databases in which others have been at work too.
pub(crate) async fn assert_books(client: &Client, database: &Database) {
    assert_every_change_is_told(database).await;
    for statement in [
        CHANGES_NOT_IN_THE_TIMELINE,
        ISSUED_WITHOUT_REGISTRATION,
        PAID_OTHERWISE,
        PAID_BY_WHAT_WAS_NOT,
    ] {
        assert_eq!(database.count(statement, &[]).await, 0, "{statement}");
    }
    let register = client
        .get("/invoices/number-register?limit=1")
        .await
        .expect(200);
    let issued = database
        .count("SELECT count(*) FROM invoice_numbers", &[])
        .await;
    assert_eq!(
        (&register["gaps"], register["last_position"].as_i64()),
        (&Value::Array(Vec::new()), Some(issued))
    );
    assert_summary(client, database).await;
    verify_ledger(database).await;
}

async fn assert_summary(client: &Client, database: &Database) {
    let summary = client.get("/invoices/summary").await.expect(200);
    let scan = database.connect().await;
    for status in ["draft", "sent", "viewed", "overdue", "paid", "cancelled"] {
        let row = scan
            .query_one(SCAN, &[&status])
            .await
            .expect("the statement fits the schema");
        let line = &summary["data"][0]["by_status"][status];
        let told = (
            line["count"].as_i64().unwrap_or(0),
            line["sum_minor"].as_i64().unwrap_or(0),
        );
        assert_eq!(
            told,
            (row.get::<_, i64>(0), row.get::<_, i64>(1)),
            "the summary of {status} equals a scan"
        );
    }
}

/// Waits until no session of the database is left in a transaction that nobody works on.
pub(crate) async fn assert_no_open_transaction(database: &Database) {
    let statement = "SELECT count(*) FROM pg_stat_activity
                      WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
                        AND backend_type = 'client backend'";
    tests::eventually("all transactions have ended", async || {
        (database.count(statement, &[]).await == 0).then_some(())
    })
    .await;
}

/// Transactions of the service that have lasted longer than anything does that is not waiting for somebody else.
const LONG_TRANSACTIONS: &str = "
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'tallystick' AND xact_start < now() - interval '2 seconds'";

/// Fails if the service keeps a transaction open for somebody who is not the database.
pub(crate) async fn assert_no_long_transaction(database: &Database) {
    assert_eq!(database.count(LONG_TRANSACTIONS, &[]).await, 0);
}
