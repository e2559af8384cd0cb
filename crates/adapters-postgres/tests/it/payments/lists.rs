//! Lists of payments.

use adapters_postgres::PgPaymentQueries;
use app::{
    paging::{Limit, Window},
    ports::{PaymentFilter, PaymentQueries},
    testing::ORGANIZATION,
};
use domain::{
    ids::OrganizationId,
    invoicing::InvoiceStatus,
    payments::{Direction, Outcome, PaymentFacts, PaymentStatus, ProviderName},
};
use uuid::Uuid;

use crate::support::{Ledger, account, external, first, internal, settling, unnumbered};

async fn listed(ledger: &Ledger, filter: PaymentFilter) -> Vec<i64> {
    let queries = PgPaymentQueries::new(ledger.world.database.clone());
    let listing = queries.list(ORGANIZATION, &filter, first()).await.unwrap();
    listing.rows.iter().map(|it| it.amount.as_minor()).collect()
}

/// Payments of 1, 2, 3 and 4: between the accounts 1 and 2, out of 1, into 1 in doubt, and into 1 waiting.
async fn four() -> (Ledger, Vec<PaymentFacts>) {
    let ledger = Ledger::with(&[600, 0]).await;
    let world = &ledger.world;
    let mut payments = Vec::new();
    for command in [
        internal(1),
        external(Direction::Payout, 2),
        external(Direction::Charge, 3),
        external(Direction::Charge, 4),
    ] {
        payments.push(world.pay(command).await.unwrap());
    }
    world.work(payments[1].id, Outcome::Succeeded).await;
    world.work(payments[2].id, Outcome::Unknown).await;
    (ledger, payments)
}

#[tokio::test]
async fn each_filter_lets_its_payments_through_newest_first() {
    let (ledger, payments) = four().await;
    let all = PaymentFilter::default;
    let statuses = |statuses: &[PaymentStatus]| PaymentFilter {
        statuses: statuses.to_vec(),
        ..all()
    };
    let of = |number| PaymentFilter {
        account_id: Some(account(number)),
        ..all()
    };
    let through = |name| PaymentFilter {
        provider: Some(ProviderName::parse(name).unwrap()),
        ..all()
    };
    let now = payments[0].created_at;

    for (filter, expected) in [
        (all(), vec![4, 3, 2, 1]),
        (statuses(&[PaymentStatus::Unknown]), vec![3]),
        (
            statuses(&[PaymentStatus::Completed, PaymentStatus::Pending]),
            vec![4, 2, 1],
        ),
        (of(1), vec![4, 3, 2, 1]),
        (of(2), vec![1]),
        (of(3), vec![]),
        (through("simulator"), vec![4, 3, 2]),
        (through("stripe"), vec![]),
        (
            PaymentFilter {
                account_id: Some(account(1)),
                ..statuses(&[PaymentStatus::Completed])
            },
            vec![2, 1],
        ),
        (
            PaymentFilter {
                created_before: Some(now),
                ..all()
            },
            vec![],
        ),
    ] {
        assert_eq!(
            listed(&ledger, filter.clone()).await,
            expected,
            "{filter:?}"
        );
    }
}

#[tokio::test]
async fn the_payments_of_an_invoice_are_listed_and_no_others() {
    let ledger = Ledger::with(&[600, 0]).await;
    let world = &ledger.world;
    let mut invoices = Vec::new();
    for minor in 1..=2 {
        let invoice = world.create(unnumbered()).await.unwrap();
        let sent = world.change_status(invoice.id, InvoiceStatus::Sent).await;
        sent.unwrap();
        let payment = settling(external(Direction::Charge, minor), invoice.id);
        world.pay(payment).await.unwrap();
        invoices.push(invoice.id);
    }
    world.pay(internal(3)).await.unwrap();

    for (invoice, expected) in invoices.into_iter().zip([[1], [2]]) {
        let filter = PaymentFilter {
            invoice_id: Some(invoice),
            ..PaymentFilter::default()
        };
        assert_eq!(listed(&ledger, filter).await, expected);
    }
}

#[tokio::test]
async fn a_list_goes_on_where_it_stopped() {
    let (ledger, _) = four().await;
    let queries = PgPaymentQueries::new(ledger.world.database.clone());
    let filter = PaymentFilter {
        account_id: Some(account(1)),
        ..PaymentFilter::default()
    };
    let window = |position| Window::After {
        position,
        limit: Limit::new(3).unwrap(),
    };

    let one = queries
        .list(ORGANIZATION, &filter, window(None))
        .await
        .unwrap();
    let two = queries
        .list(ORGANIZATION, &filter, window(one.next))
        .await
        .unwrap();

    let amounts = |rows: &[PaymentFacts]| -> Vec<i64> {
        rows.iter().map(|it| it.amount.as_minor()).collect()
    };
    assert_eq!(amounts(&one.rows), [4, 3, 2]);
    assert_eq!(amounts(&two.rows), [1]);
    assert_eq!(two.next, None);
}

#[tokio::test]
async fn strangers_see_nothing() {
    let (ledger, payments) = four().await;
    let queries = PgPaymentQueries::new(ledger.world.database.clone());
    let stranger = OrganizationId::from_uuid(Uuid::from_u128(0xbad));

    let found = queries.find(stranger, payments[0].id).await.unwrap();
    let listed = queries
        .list(stranger, &PaymentFilter::default(), first())
        .await;
    let history = queries.history(stranger, payments[0].id, first()).await;

    assert_eq!(found, None);
    assert!(listed.unwrap().rows.is_empty());
    assert!(history.unwrap().is_none());
}
