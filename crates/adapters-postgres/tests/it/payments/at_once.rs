//! Payments that many want to do something with at the same time.

use app::{
    payments::{AcceptPaymentError, CancelPaymentError, RefundPaymentError},
    ports::Saved,
};
use domain::{
    invoicing::{InvoiceStatus, PayInvoiceError},
    payments::{Direction, Outcome, PaymentStatus, RefundRefusal},
};
use futures_util::future::{join, join_all};

use super::{money, status};
use crate::support::{Ledger, external, internal, settling, unnumbered};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_refunds_at_once_never_give_back_more_than_was_paid() {
    let ledger = Ledger::with(&[600, 0]).await;
    let world = &ledger.world;
    let paid = world.pay(internal(100)).await.unwrap().id;
    let charged = world
        .pay(external(Direction::Charge, 100))
        .await
        .unwrap()
        .id;
    world.work(charged, Outcome::Succeeded).await;

    for id in [paid, charged] {
        let refunds = join_all((0..20).map(|_| world.refund(id, Some(15)))).await;

        let (accepted, refused): (Vec<_>, Vec<_>) = refunds.into_iter().partition(Result::is_ok);
        assert_eq!(accepted.len(), 6);
        for refusal in refused {
            let why = refusal.unwrap_err();
            assert!(
                matches!(why, RefundPaymentError::Refused(RefundRefusal::Exceeds(_))),
                "{why}"
            );
        }
    }
    assert_eq!(ledger.balance(2).await, 10);
    assert_eq!(money(&ledger).await, (600 - 100 + 100 + 90, 90, -100));
    ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_cancels_and_whoever_begins_have_one_outcome() {
    let ledger = Ledger::with(&[1_000]).await;
    let world = &ledger.world;
    let mut paid_out = 0;
    for _round in 0..20 {
        let accepted = world.pay(external(Direction::Payout, 10)).await;
        let id = accepted.unwrap().id;

        let (cancelled, begun) = join(world.cancel(id), world.begin(id)).await;

        match cancelled {
            Ok(_) => {
                assert_eq!(begun, None);
                assert_eq!(status(&ledger, id).await, PaymentStatus::Cancelled);
            }
            Err(CancelPaymentError::Refused(_)) => {
                assert_eq!(begun, Some(Saved::Stored));
                let settled = world.settle(id, Outcome::Succeeded).await;
                assert_eq!(settled, Some(Saved::Stored));
                paid_out += 10;
            }
            Err(why) => panic!("{why}"),
        }
    }
    assert_eq!(money(&ledger).await, (1_000 - paid_out, 0, paid_out));
    ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn payments_at_once_never_overpay_an_invoice() {
    let ledger = Ledger::with(&[1_000_000, 0]).await;
    let world = &ledger.world;
    let invoice = world.create(unnumbered()).await.unwrap();
    world
        .change_status(invoice.id, InvoiceStatus::Sent)
        .await
        .unwrap();
    let total = invoice.totals.total_minor;

    let half_and_a_bit = total / 2 + 1;
    let payments = (0..10).map(|number| {
        let payment = if number % 2 == 0 {
            internal(half_and_a_bit)
        } else {
            external(Direction::Charge, half_and_a_bit)
        };
        world.pay(settling(payment, invoice.id))
    });
    let accepted = join_all(payments).await;

    let (paid, refused): (Vec<_>, Vec<_>) = accepted.into_iter().partition(Result::is_ok);
    assert_eq!(paid.len(), 1);
    for refusal in refused {
        let why = refusal.unwrap_err();
        assert!(
            matches!(
                why,
                AcceptPaymentError::Unpayable(PayInvoiceError::Exceeds(_))
            ),
            "{why}"
        );
    }
}
