//! A batch of which something is there already, under ids that were given before it was tried.

use std::time::Duration;

use adapters_postgres::PgPostingStore;
use app::{
    platform::Caller,
    ports::{BatchWritten, CarriedOutPayment, IdGenerator, PostingBatch, PostingStore},
    testing::caller,
};
use domain::{
    event::{DomainEvent, Happening},
    ids::EventId,
    payments::{PaymentEvent, PaymentFacts},
};
use rstest::rstest;

use crate::support::{Ledger, internal};

fn of_payment(payment: PaymentFacts, ids: &dyn IdGenerator) -> PostingBatch {
    let Caller { actor, .. } = caller();
    let event = DomainEvent {
        id: EventId::from_uuid(ids.new_id()),
        organization_id: payment.organization_id,
        version: payment.version,
        occurred_at: payment.updated_at,
        what: Happening::Payment(PaymentEvent::CarriedOut(Box::new(payment.clone()))),
    };
    PostingBatch {
        payments: vec![CarriedOutPayment {
            payment,
            event,
            by: actor,
            cause: None,
        }],
        ..PostingBatch::default()
    }
}

/// Whichever of its rows storage comes to first, the batch counts as one whose answer is there, and is not an error.
#[rstest]
#[case::the_payment(&[])]
#[case::its_history(&["payments"])]
#[case::its_event(&["payments", "payment_events"])]
#[tokio::test]
async fn a_payment_that_is_there_already_is_not_written_again(#[case] lost: &[&str]) {
    let ledger = Ledger::with(&[100, 0]).await;
    let world = &ledger.world;
    let there = world.pay(internal(1)).await.unwrap();
    for table in lost {
        let forget = format!("SET session_replication_role = replica; DELETE FROM {table}");
        ledger.admin.run(&forget).await;
    }
    let kept = Duration::from_hours(24);
    let store = PgPostingStore::open(&world.database, 1, world.clock.clone(), kept).unwrap();
    let told = ledger.admin.count("outbox").await;

    let written = store
        .write(&of_payment(there, world.ids.as_ref()))
        .await
        .unwrap();

    assert_eq!(written, BatchWritten::KeyTaken);
    assert_eq!(ledger.admin.count("outbox").await, told);
    let payments = i64::from(lost.is_empty());
    assert_eq!(ledger.admin.count("payments").await, payments);
}
