//! The cheap figures of the ledger are those of its owner, and follow what is stored.

use adapters_postgres::PgInvariantQueries;
use app::{
    ledger::{InvariantCheck, check_invariants},
    ports::InvariantQueries,
    testing::{ORGANIZATION, stranger},
};
use domain::{ids::OrganizationId, invoicing::InvoiceStatus};
use rstest::rstest;

use crate::support::{
    World, at,
    books::{account, books, chain, open_accounts, post},
    issued,
};

async fn broken(world: &World, of: Option<OrganizationId>, now: &str) -> Vec<&'static str> {
    let queries = PgInvariantQueries::new(world.database.clone());
    let checks = check_invariants(&queries, of, at(now)).await.unwrap();
    let broken = checks.iter().filter(|check| !check.holds());
    broken
        .map(|check: &InvariantCheck| check.promise.name())
        .collect()
}

#[rstest]
#[case::of_one(Some(ORGANIZATION))]
#[case::of_all(None)]
#[tokio::test]
async fn a_ledger_that_is_right_keeps_its_promises(#[case] of: Option<OrganizationId>) {
    let world = books(5).await;

    let at_once = broken(&world, of, "2026-11-20T12:00:59Z").await;
    let later = broken(&world, of, "2026-11-20T12:01:01Z").await;
    chain(&world, 100).await;
    let chained = broken(&world, of, "2026-11-20T12:01:01Z").await;

    assert_eq!(
        (at_once, later, chained),
        (vec![], vec!["chain_is_complete"], vec![])
    );
}

#[tokio::test]
async fn what_is_wrong_is_found_and_only_told_to_its_owner() {
    let world = books(5).await;
    let another = stranger().organization_id;
    open_accounts(&world, another, [11, 12]).await;
    post(&world, another, [11, 12], 1).await;
    world
        .store_invoices(vec![issued(7, &[InvoiceStatus::Sent])])
        .await;
    let tampering = format!(
        "ALTER TABLE account_standings DROP CONSTRAINT account_standings_floor;
         UPDATE account_standings SET balance_minor = -1000001 WHERE account_id = '{}'",
        account(1)
    );
    world.admin().await.run(&tampering).await;
    let now = "2026-11-20T12:00:00Z";

    let own = broken(&world, Some(ORGANIZATION), now).await;
    let all = broken(&world, None, now).await;
    let others = broken(&world, Some(another), now).await;

    let expected = [
        "currencies_add_up_to_zero",
        "no_account_is_below_its_floor",
        "receivables_are_open_invoices",
    ];
    assert_eq!((own, all), (expected.to_vec(), expected.to_vec()));
    assert_eq!(others, Vec::<&str>::new());
}

#[tokio::test]
async fn what_is_open_of_invoices_is_told() {
    let world = books(1).await;
    world
        .store_invoices(vec![
            issued(7, &[InvoiceStatus::Sent]),
            issued(8, &[InvoiceStatus::Sent, InvoiceStatus::Viewed]),
            issued(9, &[InvoiceStatus::Sent, InvoiceStatus::Paid]),
        ])
        .await;

    let queries = PgInvariantQueries::new(world.database.clone());
    let figures = queries
        .figures(None, at("2026-11-20T12:00:00Z"))
        .await
        .unwrap();

    let open: Vec<_> = figures
        .currencies
        .iter()
        .map(|it| (it.currency.as_str(), it.open_invoices_minor))
        .collect();
    assert_eq!(open, [("EUR", 0), ("USD", 2 * 174_000)]);
}
