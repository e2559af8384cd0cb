//! Rows that somebody has tampered with are told as that; they are never a panic, and never taken for something else.

use adapters_postgres::{
    PgApiKeyQueries, PgCustomerQueries, PgInvoiceQueries, PgNumberRegisterQueries,
    PgOrganizationQueries, PgServiceSecrets,
};
use app::{
    paging::Limit,
    ports::{
        ApiKeyQueries, CustomerFilter, CustomerQueries, InvoiceFilter, InvoiceQueries,
        NumberRegisterQueries, OrganizationQueries, StorageError,
    },
    testing::{KEY, ORGANIZATION},
};
use domain::{
    invoicing::{InvoiceStatus, Series},
    values::Currency,
};
use futures_util::FutureExt;
use rstest::rstest;

use crate::support::{World, customer, first, invoice_id, issued};

/// Takes every check away, so that anything can be stored.
const UNGUARDED: &str = "
    DO $$ DECLARE rule record; BEGIN
        FOR rule IN SELECT conname, conrelid::regclass AS owner FROM pg_constraint
                     WHERE contype = 'c' AND connamespace = 'public'::regnamespace
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', rule.owner, rule.conname); END LOOP;
    END $$;";

fn is_corrupt<T>(result: &Result<T, StorageError>) -> bool {
    matches!(result, Err(StorageError::Corrupt { .. }))
}

async fn tampered(statement: &str) -> World {
    let world = World::new().await;
    world.store_customer(&customer(3, "Ada")).await;
    let paid = issued(7, &[InvoiceStatus::Sent, InvoiceStatus::Paid]);
    world.store_invoices(vec![paid]).await;
    let admin = world.admin().await;
    admin.run(UNGUARDED).await;
    admin.run(statement).await;
    world
}

#[rstest]
#[case::status("status = 'lost'", true)]
#[case::review("review = '[]'", true)]
#[case::review_of_no_kind(
    "review = '{\"contents_version\": 1, \"status\": \"odd\", \"reasons\": [], \"reviewed_at\": null}'",
    false
)]
#[case::review_without_an_instant(
    "review = '{\"contents_version\": 1, \"status\": \"approved\", \"reasons\": [], \"reviewed_at\": null, \"version\": 2}'",
    false
)]
#[case::no_state("issued_at = NULL", false)]
#[case::no_seller("seller = NULL", false)]
#[case::no_payment("paid_at = NULL", false)]
#[case::currency("currency = 'ZZZ'", false)]
#[case::number("number = 'a b'", false)]
#[case::notes("notes = chr(7)", false)]
#[case::rounding("rounding = 'up'", false)]
#[case::customer("customer = '{}'", true)]
#[case::customer_that_is_a_list("customer = '[]'", true)]
#[case::customer_without_a_name("customer = jsonb_set(customer, '{name}', '\"\"')", false)]
#[case::seller("seller = '{\"name\": 1}'", true)]
#[case::metadata("metadata = '{\"a\": 1}'", true)]
#[case::no_items("items = '[]'", false)]
#[case::items("items = '[{\"description\": \"x\"}]'", true)]
#[case::quantity("items = jsonb_set(items, '{0,quantity}', '\"0\"')", false)]
#[case::price("items = jsonb_set(items, '{0,unit_price_minor}', '-1')", false)]
#[case::rate("items = jsonb_set(items, '{0,tax_rate_bps}', '10001')", false)]
#[case::breakdown("tax_breakdown = '{}'", true)]
#[case::instant("created_at = 'infinity'", true)]
#[case::day("due_date = '-infinity'", true)]
#[tokio::test]
async fn an_invoice_that_was_tampered_with_is_corrupt(
    #[case] change: &str,
    #[case] is_seen_by_queries: bool,
) {
    let world = tampered(&format!("UPDATE invoices SET {change}")).await;

    let loaded = world.write(|uow| {
        async move {
            uow.invoices()
                .find_for_update(ORGANIZATION, invoice_id(7))
                .await
        }
        .boxed()
    });
    let loaded = loaded.await;
    let queries = PgInvoiceQueries::new(world.database.clone());
    let read = queries.find(ORGANIZATION, invoice_id(7)).await;

    assert!(is_corrupt(&loaded), "{loaded:?}");
    assert_eq!(is_corrupt(&read), is_seen_by_queries, "{read:?}");
}

#[tokio::test]
async fn what_was_stored_in_a_currency_that_is_withdrawn_is_not_corrupt() {
    let world = tampered(
        "UPDATE invoices SET currency = 'HRK'; UPDATE customers SET currency = 'HRK';
         UPDATE organizations SET default_currency = 'HRK'",
    )
    .await;
    let id = customer(3, "Ada").facts().id;

    let loaded = world.write(move |uow| {
        async move {
            let organization = uow.organizations().find(ORGANIZATION).await?;
            let customer = uow.customers().find(ORGANIZATION, id).await?;
            let invoice = uow
                .invoices()
                .find_for_update(ORGANIZATION, invoice_id(7))
                .await?;
            Ok([
                organization.map(|facts| facts.profile.default_currency),
                customer.and_then(|facts| facts.profile.currency),
                invoice.map(|invoice| invoice.facts().contents.currency),
            ])
        }
        .boxed()
    });

    let kuna = Currency::restore("HRK").unwrap();
    assert_eq!(loaded.await.unwrap(), [Some(kuna); 3]);
}

#[rstest]
#[case::customer("customer = '[]'")]
#[case::metadata("metadata = '[]'")]
#[case::status("status = ''")]
#[tokio::test]
async fn a_list_with_an_invoice_that_was_tampered_with_is_corrupt(#[case] change: &str) {
    let world = tampered(&format!("UPDATE invoices SET {change}")).await;

    let queries = PgInvoiceQueries::new(world.database.clone());
    let listed = queries
        .list(ORGANIZATION, &InvoiceFilter::default(), first())
        .await;

    assert!(is_corrupt(&listed), "{listed:?}");
}

#[rstest]
#[case::name("name = ' '")]
#[case::email("email = 'x'")]
#[case::address("address = '{}'")]
#[case::country("address = '{\"country\": \"XX\"}'")]
#[case::tax_id("tax_id = ''")]
#[case::currency("currency = 'ZZZ'")]
#[case::external_id("external_id = repeat('x', 256)")]
#[case::metadata("metadata = '[]'")]
#[tokio::test]
async fn a_customer_that_was_tampered_with_is_corrupt(#[case] change: &str) {
    let world = tampered(&format!("UPDATE customers SET {change}")).await;
    let id = customer(3, "Ada").facts().id;

    let loaded =
        world.write(move |uow| async move { uow.customers().find(ORGANIZATION, id).await }.boxed());
    let loaded = loaded.await;
    let queries = PgCustomerQueries::new(world.database.clone());
    let read = queries.find(ORGANIZATION, id).await;
    let listed = queries
        .list(ORGANIZATION, &CustomerFilter::default(), first())
        .await;

    assert!(
        is_corrupt(&loaded) && is_corrupt(&read) && is_corrupt(&listed),
        "{loaded:?}"
    );
}

#[rstest]
#[case::name("legal_name = ''")]
#[case::address("address = '7'")]
#[case::currency("default_currency = 'ZZZ'")]
#[case::prefix("invoice_number_prefix = 'a b'")]
#[case::terms("payment_terms_days = -1")]
#[case::rounding("rounding = ''")]
#[tokio::test]
async fn an_organization_that_was_tampered_with_is_corrupt(#[case] change: &str) {
    let world = tampered(&format!("UPDATE organizations SET {change}")).await;

    let loaded =
        world.write(|uow| async move { uow.organizations().find(ORGANIZATION).await }.boxed());
    let loaded = loaded.await;
    let read = PgOrganizationQueries::new(world.database.clone())
        .list()
        .await;

    assert!(is_corrupt(&loaded) && is_corrupt(&read), "{loaded:?}");
}

#[rstest]
#[case::name("name = ''")]
#[case::scope("scopes = '{everything}'")]
#[case::no_scope("scopes = '{}'")]
#[case::hash("hash = '\\x00'")]
#[tokio::test]
async fn a_key_that_was_tampered_with_is_corrupt(#[case] change: &str) {
    let world = tampered(&format!("UPDATE api_keys SET {change}")).await;

    let read = PgApiKeyQueries::new(world.database.clone())
        .find(ORGANIZATION, KEY)
        .await;

    assert!(is_corrupt(&read), "{read:?}");
}

#[rstest]
#[case::kind("'machine', NULL")]
#[case::no_key("'api_key', NULL")]
#[case::not_a_key("'api_key', 'me'")]
#[case::no_role("'role', NULL")]
#[tokio::test]
async fn a_timeline_with_an_unknown_actor_is_corrupt(#[case] actor: &str) {
    let world = tampered(&format!(
        "INSERT INTO invoice_timeline
         SELECT id, 1, id, 'invoice.created', {actor}, created_at, '{{}}' FROM invoices"
    ))
    .await;

    let queries = PgInvoiceQueries::new(world.database.clone());
    let read = queries.timeline(ORGANIZATION, invoice_id(7), first()).await;

    assert!(is_corrupt(&read), "{read:?}");
}

#[rstest]
#[case::number("'a b', 'issued'")]
#[case::fate("'a', 'lost'")]
#[tokio::test]
async fn a_register_that_was_tampered_with_is_corrupt(#[case] entry: &str) {
    let world = tampered(&format!(
        "INSERT INTO invoice_number_series SELECT id, 'S-', 1 FROM organizations;
         INSERT INTO invoice_numbers (organization_id, series, position, invoice_id, number, fate)
         SELECT id, 'S-', 1, id, {entry} FROM organizations"
    ))
    .await;

    let queries = PgNumberRegisterQueries::new(world.database.clone());
    let series = Series::named("S-");
    let read = queries
        .register(ORGANIZATION, &series, 0, Limit::default())
        .await;

    assert!(is_corrupt(&read), "{read:?}");
}

#[tokio::test]
async fn a_summary_and_a_secret_that_were_tampered_with_are_corrupt() {
    let world = tampered(
        "UPDATE invoice_summary_changes SET status = 'lost';
         INSERT INTO service_secrets VALUES ('cursors', '\\x00')",
    )
    .await;

    let summary = PgInvoiceQueries::new(world.database.clone())
        .summary(ORGANIZATION)
        .await;
    let secrets = PgServiceSecrets::new(world.database.clone());
    let secret = secrets.find_or_keep("cursors", [1; 32]).await;

    assert!(
        is_corrupt(&summary) && is_corrupt(&secret),
        "{summary:?} {secret:?}"
    );
}
