//! Issuing while the year ends: each time that the clock is read, it may have.

use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;

use super::*;
use crate::ports::MockClock;

/// A handler whose clock is read this many times before the year is over.
fn handler_with(readings_left: usize) -> ChangeInvoiceStatusHandler {
    let (mut clock, read) = (MockClock::new(), AtomicUsize::new(0));
    clock.expect_now().returning(move || {
        let is_new_year = read.fetch_add(1, Ordering::SeqCst) >= readings_left;
        let last_of_2026: Timestamp = "2026-12-31T23:59:59.999999Z".parse().unwrap();
        let first_of_2027: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        if is_new_year {
            first_of_2027
        } else {
            last_of_2026
        }
    });
    ChangeInvoiceStatusHandler::new(Arc::new(clock), Arc::<SequentialIds>::default())
}

#[rstest]
#[case::right_after_it_was_issued(2)]
#[case::later(3)]
#[tokio::test]
async fn a_number_and_its_date_are_of_the_same_year(#[case] readings_left: usize) {
    let handler = handler_with(readings_left);
    let mut uow = storing(numbering(holding(stored_invoice(&[])))).announcing("invoice.sent", 2);

    let sent = handler.handle(&command(Sent), &mut uow).await.unwrap();

    let issue = sent.state.issue().unwrap();
    assert_eq!(issue.number.as_str(), "INV-2026-000001");
    assert_eq!(issue.issued_at.to_string(), "2026-12-31T23:59:59.999999Z");
}

#[tokio::test]
async fn a_year_that_ends_while_the_number_is_taken_is_a_lost_race() {
    let handler = handler_with(1);
    let mut uow = numbering(holding(stored_invoice(&[])));

    let lost = handler.handle(&command(Sent), &mut uow).await;

    let Err(ChangeInvoiceStatusError::Storage(StorageError::Contended { .. })) = lost else {
        panic!("{lost:?}");
    };
    assert_eq!(uow.lost_races, 1);
}
