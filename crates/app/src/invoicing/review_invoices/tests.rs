use std::collections::HashSet;

use domain::{
    ids::EventId,
    invoicing::{InvoiceFacts, InvoiceStatus, NoDuplicate, ReviewRules, TotalWithin},
    version::Version,
};
use jiff::SignedDuration;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, INVOICE, NOW, ORGANIZATION, SequentialIds, draft_contents,
    out_of_reach, stored_draft, stored_invoice,
};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const TWIN: InvoiceId = InvoiceId::from_uuid(Uuid::from_u128(77));

/// With a rule that lets totals of at most so much through, and the one against duplicates.
fn handler(total_minor_max: i64, twin_window: SignedDuration) -> ReviewInvoicesHandler {
    let policy = ReviewPolicy {
        rules: ReviewRules::new(vec![
            Box::new(TotalWithin { total_minor_max }),
            Box::new(NoDuplicate),
        ]),
        twin_window,
    };
    ReviewInvoicesHandler::new(policy, FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn lenient() -> ReviewInvoicesHandler {
    handler(i64::MAX, SignedDuration::ZERO)
}

fn event(number: u128) -> EventId {
    EventId::from_uuid(Uuid::from_u128(number))
}

fn written(version: i64) -> ReviewInvoices {
    ReviewInvoices {
        written: vec![InvoiceWritten {
            cause: None,
            event_id: event(9),
            organization_id: ORGANIZATION,
            invoice_id: INVOICE,
            version: Version::new(version),
        }],
    }
}

fn validator() -> Caller {
    Caller {
        organization_id: ORGANIZATION,
        actor: Actor::Role("validator"),
    }
}

/// Where the event is new, and this is what is stored.
fn holding(stored: Option<Invoice>) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.inbox
        .expect_keep_new()
        .once()
        .withf(|consumer, _| consumer == "validator")
        .returning(|_, events| Ok(events.iter().copied().collect()));
    uow.invoice_reviews
        .expect_list_for_update()
        .once()
        .withf(|wanted| wanted == [(ORGANIZATION, INVOICE)])
        .returning(move |_| Ok(stored.iter().cloned().collect()));
    uow
}

fn draft() -> Invoice {
    stored_draft(draft_contents())
}

/// Expects that the review is stored with this result.
fn recording(mut uow: FakeUnitOfWork, status: &'static str) -> FakeUnitOfWork {
    uow.invoice_reviews
        .expect_record()
        .once()
        .withf(move |invoice| invoice.facts().review.status_code() == status)
        .returning(|_| Ok(()));
    uow.announcing_by(
        validator(),
        if status == "approved" {
            "invoice.approved"
        } else {
            "invoice.rejected"
        },
        2,
    )
}

#[rstest]
#[case::good(174_000, "approved", Reviewed { approved: 1, rejected: 0 })]
#[case::bad(1, "rejected", Reviewed { approved: 0, rejected: 1 })]
#[tokio::test]
async fn a_new_invoice_is_judged_by_the_rules(
    #[case] total_minor_max: i64,
    #[case] status: &'static str,
    #[case] expected: Reviewed,
) {
    let mut uow = recording(holding(Some(draft())), status);

    let reviewed = handler(total_minor_max, SignedDuration::ZERO)
        .handle(&written(1), &mut uow)
        .await;

    assert_eq!(reviewed.unwrap(), expected);
}

#[tokio::test]
async fn one_that_looks_like_another_is_rejected() {
    let mut uow = recording(holding(Some(draft())), "rejected");
    uow.invoice_reviews
        .expect_find_twins()
        .once()
        .withf(|lookalikes, window| lookalikes[0].id == INVOICE && *window == DAY)
        .returning(|_, _| Ok(vec![Some(TWIN)]));

    let reviewed = handler(i64::MAX, DAY).handle(&written(1), &mut uow).await;

    assert_eq!(reviewed.unwrap().rejected, 1);
}

#[tokio::test]
async fn an_event_that_was_dealt_with_has_no_effect() {
    let mut uow = FakeUnitOfWork::default();
    uow.inbox
        .expect_keep_new()
        .returning(|_, _| Ok(HashSet::new()));

    let reviewed = lenient().handle(&written(1), &mut uow).await;

    assert_eq!(reviewed.unwrap(), Reviewed::default());
}

fn judged() -> Invoice {
    let mut invoice = draft();
    invoice.conclude_review(
        Version::FIRST,
        Decision::Approved,
        jiff::Timestamp::UNIX_EPOCH,
    );
    Invoice::restore(invoice.facts().clone())
}

fn of_a_stranger() -> Invoice {
    Invoice::restore(InvoiceFacts {
        id: TWIN,
        ..draft().facts().clone()
    })
}

#[rstest]
#[case::that_is_gone(None, 1)]
#[case::that_is_another(Some(of_a_stranger()), 1)]
#[case::that_was_judged(Some(judged()), 1)]
#[case::that_was_withdrawn(Some(stored_invoice(&[InvoiceStatus::Cancelled])), 1)]
#[case::whose_contents_are_newer(Some(draft()), 0)]
#[case::whose_contents_are_not_written_yet(Some(draft()), 2)]
#[tokio::test]
async fn an_invoice_is_passed_over(#[case] stored: Option<Invoice>, #[case] version: i64) {
    let mut uow = holding(stored);

    let reviewed = lenient().handle(&written(version), &mut uow).await;

    assert_eq!(reviewed.unwrap(), Reviewed::default());
}

#[tokio::test]
async fn nothing_is_kept_when_what_happened_cannot_be_announced() {
    let mut uow = holding(Some(draft())).failing_to_announce();
    uow.invoice_reviews.expect_record().returning(|_| Ok(()));

    let failed = lenient().handle(&written(1), &mut uow).await;

    assert!(matches!(failed, Err(StorageError::Unavailable(_))));
}

#[tokio::test]
async fn nothing_is_done_when_the_inbox_cannot_be_asked() {
    let mut uow = FakeUnitOfWork::default();
    uow.inbox.expect_keep_new().returning(|_, _| out_of_reach());

    let failed = lenient().handle(&written(1), &mut uow).await;

    assert!(matches!(failed, Err(StorageError::Unavailable(_))));
}
