use std::collections::HashSet;

use super::*;
use crate::{
    invoicing::ReviewPolicy,
    ports::Transactor,
    testing::{FakeTransactor, FakeUnitOfWork, FixedClock, NOW, SequentialIds, logged_event},
};

fn validator(transactor: Arc<FakeTransactor>) -> InvoiceValidator {
    let handler = ReviewInvoicesHandler::new(
        ReviewPolicy::default(),
        FixedClock::at(NOW),
        Arc::<SequentialIds>::default(),
    );
    let transactor: Arc<dyn Transactor> = transactor;
    InvoiceValidator::new(CommandBus::new(transactor, []), handler)
}

fn told(position: i64, event_type: &str) -> LoggedEvent {
    let invoice = u8::try_from(position).unwrap();
    let mut event = logged_event(position, invoice, 1);
    event.event.event_type = event_type.to_owned();
    event
}

/// Has dealt with everything, but cannot read so many events.
fn remembering(events: usize) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.inbox
        .expect_keep_new()
        .withf(move |_, asked| asked.len() == events)
        .returning(|_, _| Ok(HashSet::new()));
    uow
}

fn unreadable() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.inbox.expect_keep_new().returning(|_, _| {
        Err(StorageError::Corrupt {
            entity: "invoice",
            source: "no such status".into(),
        })
    });
    uow
}

#[tokio::test]
async fn what_was_written_is_reviewed_in_one_transaction() {
    let transactor = FakeTransactor::over(remembering(2)).shared();
    let events = [
        told(1, "invoice.created"),
        told(2, "invoice.sent"),
        told(3, "invoice.updated"),
    ];

    let outcomes = validator(transactor.clone()).deliver(&events).await;

    assert_eq!(outcomes.unwrap(), vec![Delivered::Taken; 3]);
    assert_eq!(transactor.tally(), (1, 1, 0));
}

#[tokio::test]
async fn what_does_not_change_the_contents_costs_nothing() {
    let transactor = FakeTransactor::default().shared();
    let events = [told(1, "invoice.approved"), told(2, "invoice.paid")];

    let outcomes = validator(transactor.clone()).deliver(&events).await;

    assert_eq!(outcomes.unwrap(), vec![Delivered::Taken; 2]);
    assert_eq!(transactor.tally(), (0, 0, 0));
}

#[tokio::test]
async fn one_that_nobody_can_read_is_refused_alone() {
    let uows = [unreadable(), remembering(1), unreadable()];
    let transactor = FakeTransactor::over_each(uows).shared();
    let events = [told(1, "invoice.created"), told(2, "invoice.created")];

    let outcomes = validator(transactor).deliver(&events).await;

    let reason = "the invoice is stored in a form that nobody can read: no such status";
    assert_eq!(
        outcomes.unwrap(),
        [Delivered::Taken, Delivered::Refused(reason.to_owned())]
    );
}

#[tokio::test]
async fn nothing_is_taken_while_the_storage_is_out_of_reach() {
    let transactor = FakeTransactor::default().shared();

    let outcomes = validator(transactor)
        .deliver(&[told(1, "invoice.created")])
        .await;

    assert!(outcomes.is_err());
}
