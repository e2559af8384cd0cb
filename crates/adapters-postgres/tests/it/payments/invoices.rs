//! Invoices that payments settle, and refunds reopen.

use adapters_postgres::{PgInvoiceQueries, PgPaymentQueries};
use app::{
    invoicing::ChangeInvoiceStatusError,
    payments::AcceptPaymentError,
    ports::{InvoiceQueries, PaymentQueries, Saved},
    testing::ORGANIZATION,
};
use domain::{
    ids::InvoiceId,
    invoicing::{ChangeStatusError, InvoiceStatus},
    payments::{Direction, Outcome},
};

use crate::support::{Ledger, external, first, internal, settling, unnumbered};

/// Where an invoice stands, and what was paid on it.
async fn invoice(ledger: &Ledger, id: InvoiceId) -> (InvoiceStatus, i64) {
    let queries = PgInvoiceQueries::new(ledger.world.database.clone());
    let found = queries.find(ORGANIZATION, id).await.unwrap().unwrap();
    (found.entry.status, found.entry.amount_paid_minor)
}

/// What was paid on each invoice is what payments of it come to, and what is due of all is on `receivables`.
async fn assert_books_agree(ledger: &Ledger) {
    let strays = "invoices AS i WHERE amount_paid_minor <> (
        SELECT coalesce(sum(p.amount_minor - p.refunded_minor), 0) FROM invoice_payments AS p WHERE p.invoice_id = i.id)";
    assert_eq!(ledger.admin.count(strays).await, 0);
    let due = "SELECT coalesce(sum(total_minor - amount_paid_minor), 0)::bigint FROM invoices
                WHERE issued_at IS NOT NULL AND status <> 'cancelled'";
    let due: i64 = ledger.admin.value(due).await;
    assert_eq!(ledger.admin.system_balance("receivables", "USD").await, due);
    ledger.is_consistent().await;
}

/// A ledger, and an issued invoice with what it comes to.
async fn with_invoice() -> (Ledger, InvoiceId, i64) {
    let ledger = Ledger::with(&[1_000_000, 0]).await;
    let drafted = ledger.world.create(unnumbered()).await.unwrap();
    let sent = ledger
        .world
        .change_status(drafted.id, InvoiceStatus::Sent)
        .await;
    (ledger, drafted.id, sent.unwrap().totals.total_minor)
}

#[tokio::test]
async fn payments_settle_an_invoice_in_parts_and_refunds_open_it_again() {
    let (ledger, id, total) = with_invoice().await;
    let world = &ledger.world;

    let one = world.pay(settling(internal(100), id)).await.unwrap().id;
    let partly = invoice(&ledger, id).await;
    let rest = settling(external(Direction::Charge, total - 100), id);
    let two = world.pay(rest).await.unwrap().id;
    world.work(two, Outcome::Succeeded).await;
    let wholly = invoice(&ledger, id).await;
    assert_books_agree(&ledger).await;
    let refund = world.refund(two, Some(40)).await.unwrap();
    world.refund(one, None).await.unwrap();
    world.work_refund(&refund, Outcome::Succeeded).await;

    assert_eq!(partly, (InvoiceStatus::Sent, 100));
    assert_eq!(wholly, (InvoiceStatus::Paid, total));
    assert_eq!(
        invoice(&ledger, id).await,
        (InvoiceStatus::Sent, total - 140)
    );
    assert_books_agree(&ledger).await;
    let outside = world.change_status(id, InvoiceStatus::Paid).await;
    assert_eq!(outside.unwrap().amount_paid_minor, total);
    assert_books_agree(&ledger).await;
}

#[tokio::test]
async fn what_was_paid_is_listed_and_in_the_timeline() {
    let (ledger, id, total) = with_invoice().await;
    let world = &ledger.world;
    let payment = world.pay(settling(internal(total), id)).await.unwrap();
    world.refund(payment.id, Some(40)).await.unwrap();

    let queries = PgPaymentQueries::new(world.database.clone());
    let paid = queries.list_of_invoice(ORGANIZATION, id, first()).await;
    let invoices = PgInvoiceQueries::new(world.database.clone());
    let timeline = invoices.timeline(ORGANIZATION, id, first()).await;

    let paid = paid.unwrap().unwrap().rows;
    assert_eq!(paid.len(), 1);
    assert_eq!(paid[0].payment_id, Some(payment.id.as_uuid()));
    assert_eq!((paid[0].amount_minor, paid[0].refunded_minor), (total, 40));
    assert_eq!(
        paid[0].payment_status.as_deref(),
        Some("partially_refunded")
    );
    let timeline = timeline.unwrap().unwrap().rows;
    let told: Vec<_> = timeline.iter().map(|it| it.event_type.as_str()).collect();
    assert_eq!(told[..2], ["invoice.payment_refunded", "invoice.paid"]);
    assert_eq!(timeline[1].changes["payment"]["amount_minor"], total);
}

#[tokio::test]
async fn while_a_payment_is_under_way_the_invoice_is_neither_settled_otherwise_nor_withdrawn() {
    let (ledger, id, total) = with_invoice().await;
    let world = &ledger.world;
    let charge = settling(external(Direction::Charge, total), id);
    let payment = world.pay(charge).await.unwrap().id;
    world.work(payment, Outcome::Unknown).await;

    for to in [InvoiceStatus::Cancelled, InvoiceStatus::Paid] {
        let refused = world.change_status(id, to).await.unwrap_err();
        assert!(matches!(
            refused,
            ChangeInvoiceStatusError::Refused(ChangeStatusError::HasPayments(_))
        ));
    }
    let again = world.pay(settling(internal(1), id)).await.unwrap_err();
    assert!(matches!(again, AcceptPaymentError::Unpayable(_)), "{again}");
    let settled = world.settle(payment, Outcome::Declined).await;
    assert_eq!(settled, Some(Saved::Stored));

    assert_eq!(invoice(&ledger, id).await, (InvoiceStatus::Sent, 0));
    let cancelled = world.change_status(id, InvoiceStatus::Cancelled).await;
    assert!(cancelled.is_ok());
    assert_books_agree(&ledger).await;
}

#[tokio::test]
async fn an_unknown_invoice_and_a_draft_are_not_paid() {
    let ledger = Ledger::with(&[1_000, 0]).await;
    let drafted = ledger.world.create(unnumbered()).await.unwrap();

    let draft = ledger.world.pay(settling(internal(1), drafted.id)).await;
    let nowhere = InvoiceId::from_uuid(uuid::Uuid::from_u128(0xdead));
    let unknown = ledger.world.pay(settling(internal(1), nowhere)).await;

    assert!(matches!(draft, Err(AcceptPaymentError::Unpayable(_))));
    assert!(matches!(
        unknown,
        Err(AcceptPaymentError::InvoiceNotFound(_))
    ));
    assert_eq!(ledger.admin.count("payments").await, 0);
}
