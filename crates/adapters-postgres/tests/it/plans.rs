//! Each filter of a list has an index that it uses, as the server itself reports the plans that it has carried out.

mod filters;
mod payment_work;
mod vouchers;

use self::filters::invoice_filters;
use crate::support::{World, customer, email, first, issued, log_of, migrated_database, number};
use adapters_postgres::{PgCustomerQueries, PgInvoiceQueries};
use app::{
    paging::{Limit, PageNumber, Window},
    ports::{CustomerFilter, CustomerQueries, InvoiceFilter, InvoiceQueries},
    testing::{ORGANIZATION, stored_organization},
};
use domain::{invoicing::InvoiceStatus, values::ExternalId};
use futures_util::FutureExt;
use jiff::civil::date;

/// Connections report the plan of every statement.
const EXPLAINED: &str = "?options=-c%20session_preload_libraries%3Dauto_explain%20-c%20auto_explain.log_min_duration%3D0";

/// So often is a prepared statement planned anew before the server may settle on one plan for all values.
const UNTIL_PLANS_ARE_GENERIC: usize = 7;

const MANY_INVOICES: &str = "
    UPDATE invoices SET created_at = '2025-01-01';
    INSERT INTO invoices
    SELECT copy.* FROM invoices AS old, generate_series(1, 20000) AS n, jsonb_populate_record(old, jsonb_build_object(
               'id', gen_random_uuid(), 'number', 'P-' || n, 'created_at', old.created_at + n * interval '1 minute',
               'updated_at', old.created_at + n * interval '1 minute', 'due_date', date '2026-01-01' + n % 400,
               'subtotal_minor', n * 100, 'tax_minor', 0, 'total_minor', n * 100,
               'currency', CASE WHEN n % 100 = 0 THEN 'JPY' ELSE 'USD' END,
               'customer_id', CASE WHEN n % 200 = 0 THEN '00000000-0000-0000-0000-000000000003'::uuid
                                   ELSE gen_random_uuid() END,
               'customer_name_folded', 'client ' || CASE n WHEN 5 THEN 'é' ELSE 'number ' || n % 10000 END)
             || CASE n % 10
                    WHEN 0 THEN jsonb_build_object('status', 'viewed')
                    WHEN 1 THEN jsonb_build_object('status', 'overdue')
                    WHEN 2 THEN jsonb_build_object('status', 'cancelled', 'cancelled_at', old.created_at)
                    WHEN 3 THEN jsonb_build_object('status', 'draft', 'issued_at', NULL, 'seller', NULL)
                    WHEN 4 THEN jsonb_build_object('status', 'sent')
                    ELSE jsonb_build_object('status', 'paid', 'paid_at', old.created_at, 'amount_paid_minor', n * 100)
                END) AS copy;
    INSERT INTO invoice_clients
    SELECT organization_id, name,
           array_to_tsvector((SELECT array_agg(DISTINCT right(organization_id::text, 6) || substr(name, start, 3))
                                FROM generate_series(1, length(name)) AS start))
      FROM (SELECT DISTINCT organization_id, customer_name_folded FROM invoices) AS named (organization_id, name)
        ON CONFLICT DO NOTHING;
    ANALYZE invoices;
    ANALYZE invoice_clients;";

const MANY_CUSTOMERS: &str = "
    INSERT INTO customers
    SELECT copy.* FROM customers AS old, generate_series(1, 20000) AS n, jsonb_populate_record(old, jsonb_build_object(
               'id', gen_random_uuid(), 'name_folded', 'client number ' || n || CASE n WHEN 5 THEN ' zq' ELSE '' END, 'email', 'c' || n || '@example.com',
               'email_folded', 'c' || n || '@example.com', 'external_id', 'crm-' || n,
               'created_at', old.created_at + n * interval '1 minute')) AS copy;
    ANALYZE customers;";

fn explained(url: &str) -> World {
    World::at(format!("{url}{EXPLAINED}"), |options| {
        options.pool_size_max = 1;
    })
}

/// What the server has reported since the log was so long.
async fn plans_since(url: &str, length: usize) -> String {
    log_of(url).await.split_off(length)
}

fn assert_uses(plans: &str, table: &str, indexes: &[&str], what: &str) {
    assert!(plans.contains("Query Text"), "{what}: no plan was reported");
    assert!(
        !plans.contains(&format!("Seq Scan on {table}")),
        "{what}: {plans}"
    );
    let using = |index: &&str| {
        plans.contains(&format!("using {index} on "))
            || plans.contains(&format!("Bitmap Index Scan on {index} "))
    };
    assert!(indexes.iter().all(using), "{what}: {plans}");
}

fn tenth_page() -> Window {
    let size = Limit::default();
    let number = PageNumber::new(10, size).unwrap();
    Window::Page { number, size }
}

#[tokio::test]
async fn each_filter_of_invoices_has_an_index() {
    let url = migrated_database().await;
    let world = World::at(url.clone(), |_| {});
    world
        .store_invoices(vec![issued(7, &[InvoiceStatus::Sent])])
        .await;
    world.admin().await.run(MANY_INVOICES).await;
    let world = explained(&url);
    let queries = PgInvoiceQueries::new(world.database.clone());

    for (filter, indexes) in invoice_filters() {
        let length = log_of(&url).await.len();
        for _ in 0..UNTIL_PLANS_ARE_GENERIC {
            let listed = queries.list(ORGANIZATION, &filter, first()).await.unwrap();
            assert!(!listed.rows.is_empty(), "{filter:?}");
        }
        let plans = plans_since(&url, length).await;
        assert_uses(&plans, "invoices", indexes, &format!("{filter:?}"));
    }
}

#[tokio::test]
async fn a_list_costs_the_same_at_any_depth() {
    let url = migrated_database().await;
    let world = World::at(url.clone(), |_| {});
    world
        .store_invoices(vec![issued(7, &[InvoiceStatus::Sent])])
        .await;
    world.admin().await.run(MANY_INVOICES).await;
    let world = explained(&url);
    let queries = PgInvoiceQueries::new(world.database.clone());
    let filter = InvoiceFilter {
        statuses: vec![InvoiceStatus::Sent, InvoiceStatus::Paid],
        ..InvoiceFilter::default()
    };
    let deep = queries
        .list(ORGANIZATION, &filter, tenth_page())
        .await
        .unwrap()
        .next;

    let length = log_of(&url).await.len();
    let window = Window::After {
        position: deep,
        limit: Limit::default(),
    };
    let listed = queries.list(ORGANIZATION, &filter, window).await.unwrap();

    assert_eq!(listed.rows.len(), 20);
    let plans = plans_since(&url, length).await;
    assert_uses(&plans, "invoices", &["invoices_status"], "at depth");
    let bounded = plans.matches("using invoices_status on").count();
    let by_position = plans.matches("ROW(created_at, id) <").count();
    assert!(
        bounded > 0 && by_position == bounded && !plans.contains("Filter:"),
        "{plans}"
    );
}

#[tokio::test]
async fn what_commands_look_for_has_an_index() {
    let url = migrated_database().await;
    let world = World::at(url.clone(), |_| {});
    world
        .store_invoices(vec![issued(7, &[InvoiceStatus::Sent])])
        .await;
    world.admin().await.run(MANY_INVOICES).await;
    let world = explained(&url);

    for (count, late) in [(1, 5), (100, 500)] {
        let length = log_of(&url).await.len();
        for _ in 0..UNTIL_PLANS_ARE_GENERIC {
            let numbers: Vec<_> = (1..=count).map(|n| number(&format!("P-{n}"))).collect();
            let found = world.write(move |uow| {
                let numbers = numbers.clone();
                async move {
                    let today = date(2026, 3, 1);
                    let late = uow.invoices().list_unswept_for_update(today, late).await?;
                    let numbers = uow.invoice_numbers().holders_of(ORGANIZATION, &numbers);
                    Ok((late.len(), numbers.await?.len()))
                }
                .boxed()
            });
            assert_eq!(found.await.unwrap().1, count);
        }
        let plans = plans_since(&url, length).await;
        assert_uses(&plans, "invoices", &["invoices_number"], "holders");
        assert_uses(&plans, "invoices", &["invoices_unswept"], "late ones");
    }
}

#[tokio::test]
async fn each_filter_of_customers_has_an_index() {
    let url = migrated_database().await;
    let world = World::at(url.clone(), |_| {});
    world.found(stored_organization()).await;
    world.store_customer(&customer(3, "Ada")).await;
    world.admin().await.run(MANY_CUSTOMERS).await;
    let world = explained(&url);
    let queries = PgCustomerQueries::new(world.database.clone());
    let all = CustomerFilter::default;
    let named = |part: &str| CustomerFilter {
        name_contains: Some(part.to_owned()),
        ..CustomerFilter::default()
    };
    let filters = [
        (all(), "customers_newest_first"),
        (
            CustomerFilter {
                email: Some(email("C77@Example.com")),
                ..all()
            },
            "customers_email",
        ),
        (
            CustomerFilter {
                external_id: Some(ExternalId::parse("crm-77").unwrap()),
                ..all()
            },
            "customers_external_id",
        ),
        (named("NUMBER 19999"), "customers_name_words"),
        (named("ZQ"), "customers_name_words"),
        (named("q"), "customers_name_words"),
        (named("er"), "customers_newest_first"),
    ];

    for (filter, index) in filters {
        let length = log_of(&url).await.len();
        for _ in 0..UNTIL_PLANS_ARE_GENERIC {
            let listed = queries.list(ORGANIZATION, &filter, first()).await.unwrap();
            assert!(!listed.rows.is_empty(), "{filter:?}");
        }
        let plans = plans_since(&url, length).await;
        assert_uses(&plans, "customers", &[index], &format!("{filter:?}"));
    }
}
