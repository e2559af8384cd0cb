//! The schema refuses what the domain never writes: each check and each unique index, one at a time.

use app::testing::caller;
use domain::invoicing::InvoiceStatus;
use futures_util::FutureExt;
use rstest::rstest;
use uuid::Uuid;

use crate::support::{Admin, World, customer, event, issued};

const CHECK: &str = "23514";
const UNIQUE: &str = "23505";
const FOREIGN_KEY: &str = "23503";
const NOT_NULL: &str = "23502";

/// One valid row in every table.
async fn filled() -> Admin {
    let world = World::new().await;
    world.store_customer(&customer(3, "Ada")).await;
    let sent = issued(7, &[InvoiceStatus::Sent]);
    world.store_invoices(vec![sent]).await;
    let draft = world.drafted().await;
    world
        .change_status(draft, InvoiceStatus::Sent)
        .await
        .unwrap();
    let told = world.write(|uow| {
        async move {
            uow.outbox()
                .append(vec![event(3, 1)], &caller().actor)
                .await
        }
        .boxed()
    });
    told.await.unwrap();
    let admin = world.admin().await;
    admin
        .run(
            "DELETE FROM invoices WHERE number <> 'N-7';
             DELETE FROM outbox WHERE aggregate_type <> 'customer';
             DELETE FROM invoice_timeline WHERE version <> 1;
             UPDATE customers SET external_id = 'crm-1';
             INSERT INTO idempotency_keys VALUES (gen_random_uuid(), 'k', sha256(''), '', now());",
        )
        .await;
    admin
}

/// Stores another row, with these columns changed.
async fn copy(admin: &Admin, table: &str, changes: &str) -> Option<String> {
    admin
        .refusal(&format!(
            "INSERT INTO {table} OVERRIDING SYSTEM VALUE
             SELECT (jsonb_populate_record(old, '{changes}')).* FROM {table} AS old"
        ))
        .await
}

/// What makes a copy of the only row of a table a row of its own.
fn own(table: &str) -> String {
    let id = Uuid::from_u128(1_000);
    match table {
        "invoices" => format!(r#""id": "{id}", "number": "N-8""#),
        "customers" => format!(r#""id": "{id}", "external_id": "crm-2""#),
        "api_keys" => format!(r#""id": "{id}", "hash": "\\x{}""#, "01".repeat(32)),
        "organizations" => format!(r#""id": "{id}""#),
        "idempotency_keys" => r#""key": "l""#.to_owned(),
        "outbox" => r#""id": 1000, "aggregate_version": 2"#.to_owned(),
        "invoice_timeline" => r#""version": 2"#.to_owned(),
        "invoice_number_series" => r#""series": "S-""#.to_owned(),
        "invoice_numbers" => r#""position": 2"#.to_owned(),
        other => unreachable!("{other}"),
    }
}

#[rstest]
#[tokio::test]
async fn a_row_of_its_own_is_accepted(
    #[values(
        "organizations",
        "api_keys",
        "customers",
        "invoices",
        "idempotency_keys",
        "outbox",
        "invoice_timeline",
        "invoice_number_series",
        "invoice_numbers"
    )]
    table: &str,
) {
    let admin = filled().await;

    let refused = copy(&admin, table, &format!("{{{}}}", own(table))).await;

    assert_eq!(refused, None);
    assert_eq!(admin.count(table).await, 2);
}

#[tokio::test]
async fn what_the_domain_never_writes_is_refused() {
    let admin = filled().await;
    let mut accepted = Vec::new();

    for (table, changes, code) in REFUSED {
        let valid = own(table);
        let separator = if changes.is_empty() { "" } else { ", " };
        let refused = copy(&admin, table, &format!("{{{valid}{separator}{changes}}}")).await;
        if refused.as_deref() != Some(*code) {
            accepted.push((table, changes, refused));
        }
    }

    assert!(accepted.is_empty(), "{accepted:#?}");
}

/// Table, columns that are different from a valid row, and the code of the refusal.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "organizations",
        r#""id": "00000000-0000-0000-0000-000000000001""#,
        UNIQUE,
    ),
    ("organizations", r#""legal_name": """#, CHECK),
    ("organizations", r#""default_currency": "usd""#, CHECK),
    ("organizations", r#""invoice_number_prefix": "a b""#, CHECK),
    (
        "organizations",
        r#""invoice_number_prefix": "AAAAAAAAAAAAAAAAAAAAA""#,
        CHECK,
    ),
    ("organizations", r#""payment_terms_days": -1"#, CHECK),
    ("organizations", r#""payment_terms_days": 3651"#, CHECK),
    ("organizations", r#""rounding": "up""#, CHECK),
    ("organizations", r#""version": 0"#, CHECK),
    (
        "api_keys",
        r#""organization_id": "00000000-0000-0000-0000-00000000ffff""#,
        FOREIGN_KEY,
    ),
    (
        "api_keys",
        r#""id": "00000000-0000-0000-0000-000000000002""#,
        UNIQUE,
    ),
    ("api_keys", r#""hash": "\\x01""#, CHECK),
    ("api_keys", r#""name": """#, CHECK),
    ("api_keys", r#""scopes": []"#, CHECK),
    ("api_keys", r#""version": 0"#, CHECK),
    ("idempotency_keys", r#""key": "k""#, UNIQUE),
    ("idempotency_keys", r#""answer": null"#, NOT_NULL),
    ("outbox", r#""aggregate_version": 1"#, UNIQUE),
    (
        "customers",
        r#""id": "00000000-0000-0000-0000-000000000003""#,
        UNIQUE,
    ),
    ("customers", r#""external_id": "crm-1""#, UNIQUE),
    ("customers", r#""external_id": """#, CHECK),
    ("customers", r#""name": """#, CHECK),
    ("customers", r#""currency": "EURO""#, CHECK),
    ("customers", r#""version": 0"#, CHECK),
    (
        "customers",
        r#""organization_id": "00000000-0000-0000-0000-00000000ffff""#,
        FOREIGN_KEY,
    ),
    (
        "invoices",
        r#""id": "00000000-0000-0000-0000-000000000007""#,
        UNIQUE,
    ),
    ("invoices", r#""number": "N-7""#, UNIQUE),
    ("invoices", r#""number": "a b""#, CHECK),
    ("invoices", r#""number": """#, CHECK),
    ("invoices", r#""status": "lost""#, CHECK),
    ("invoices", r#""currency": "E""#, CHECK),
    ("invoices", r#""items": []"#, CHECK),
    ("invoices", r#""rounding": "up""#, CHECK),
    ("invoices", r#""version": 0"#, CHECK),
    ("invoices", r#""total_minor": 174001"#, CHECK),
    (
        "invoices",
        r#""subtotal_minor": -1, "tax_minor": 174001"#,
        CHECK,
    ),
    (
        "invoices",
        r#""subtotal_minor": 9007199254740992, "total_minor": 9007199254764992"#,
        CHECK,
    ),
    (
        "invoices",
        r#""discount_minor": -1, "total_minor": 174001"#,
        CHECK,
    ),
    (
        "invoices",
        r#""discount_minor": 150001, "total_minor": 23999"#,
        CHECK,
    ),
    (
        "invoices",
        r#""tax_minor": -1, "total_minor": 149999"#,
        CHECK,
    ),
    ("invoices", r#""amount_paid_minor": -1"#, CHECK),
    ("invoices", r#""amount_paid_minor": 174001"#, CHECK),
    ("invoices", r#""status": "draft""#, CHECK),
    ("invoices", r#""number": null"#, CHECK),
    ("invoices", r#""issued_at": null"#, CHECK),
    ("invoices", r#""seller": null"#, CHECK),
    ("invoices", r#""status": "paid""#, CHECK),
    ("invoices", r#""paid_at": "2026-01-01""#, CHECK),
    (
        "invoices",
        r#""status": "paid", "paid_at": "2026-01-01""#,
        CHECK,
    ),
    ("invoices", r#""status": "cancelled""#, CHECK),
    ("invoices", r#""cancelled_at": "2026-01-01""#, CHECK),
    (
        "invoices",
        r#""status": "cancelled", "cancelled_at": "2026-01-01", "seller": null"#,
        CHECK,
    ),
    (
        "invoices",
        r#""status": "cancelled", "cancelled_at": "2026-01-01", "amount_paid_minor": 1"#,
        CHECK,
    ),
    ("invoice_timeline", r#""version": 1"#, UNIQUE),
    ("invoice_number_series", r#""series": "INV-2026-""#, UNIQUE),
    ("invoice_number_series", r#""last_position": -1"#, CHECK),
    ("invoice_numbers", r#""position": 1"#, UNIQUE),
    ("invoice_numbers", r#""position": 0"#, CHECK),
    ("invoice_numbers", r#""fate": "lost""#, CHECK),
    ("invoice_numbers", r#""series": "S-""#, FOREIGN_KEY),
];
