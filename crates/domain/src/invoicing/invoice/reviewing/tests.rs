use jiff::ToSpan;
use rstest::rstest;

use crate::{
    invoicing::{
        ChangeStatusError, Decision, Invoice, InvoiceEvent, InvoiceStatus, ReviewReason, Step,
        invoice::tests::{NOW, contents, draft, invoice_after, number, party},
    },
    version::{Precondition, Version, VersionConflict},
};

fn rejection() -> Decision {
    Decision::Rejected(vec![ReviewReason::new("too_odd", "it is odd")])
}

fn judged(decision: Decision) -> Invoice {
    let mut invoice = draft();
    assert!(invoice.conclude_review(Version::FIRST, decision, NOW));
    invoice.take_events();
    invoice
}

fn seen(versions: &[i64]) -> Precondition {
    Precondition::OneOf(versions.iter().copied().map(Version::new).collect())
}

#[test]
fn a_new_invoice_awaits_the_review_of_its_first_version() {
    let invoice = draft();

    let review = &invoice.facts().review;

    assert!(review.awaits(Version::FIRST));
    assert!(!review.awaits(Version::new(2)));
    assert_eq!(review.status_code(), "pending");
}

#[rstest]
#[case(Decision::Approved, "approved")]
#[case(rejection(), "rejected")]
fn a_verdict_is_a_change_like_any_other(#[case] decision: Decision, #[case] word: &str) {
    let mut invoice = draft();
    invoice.take_events();
    let later = NOW + 1.second();

    let is_wanted = invoice.conclude_review(Version::FIRST, decision.clone(), later);

    let facts = invoice.facts().clone();
    let verdict = facts.review.verdict().unwrap();
    assert!(is_wanted);
    assert_eq!(facts.review.status_code(), word);
    assert_eq!(
        (&verdict.decision, verdict.reviewed_at, verdict.version),
        (&decision, later, Version::new(2))
    );
    assert_eq!((facts.version, facts.updated_at), (Version::new(2), later));
    let events = invoice.take_events();
    assert_eq!(events, [InvoiceEvent::Reviewed(Box::new(facts))]);
}

#[test]
fn a_second_verdict_changes_nothing() {
    let mut invoice = judged(Decision::Approved);
    let before = invoice.facts().clone();

    let is_wanted = invoice.conclude_review(Version::FIRST, rejection(), NOW + 1.second());

    assert!(!is_wanted);
    assert_eq!(*invoice.facts(), before);
    assert!(invoice.take_events().is_empty());
}

#[test]
fn a_verdict_on_older_contents_is_dropped() {
    let mut invoice = draft();
    invoice.rewrite(contents("2", 100), NOW).unwrap();
    invoice.take_events();

    let is_wanted = invoice.conclude_review(Version::FIRST, rejection(), NOW);

    assert!(!is_wanted);
    assert_eq!(invoice.facts().review.status_code(), "pending");
    assert!(invoice.facts().review.awaits(Version::new(2)));
    assert!(invoice.take_events().is_empty());
}

#[test]
fn an_edit_takes_the_verdict_back() {
    let mut invoice = judged(rejection());

    invoice.rewrite(contents("2", 100), NOW).unwrap();

    let review = &invoice.facts().review;
    assert_eq!(review.status_code(), "pending");
    assert!(review.reasons().is_empty());
    assert!(review.awaits(Version::new(3)));
    assert!(invoice.step_to(InvoiceStatus::Sent).is_ok());
}

#[test]
fn a_rejected_invoice_is_not_issued() {
    let mut invoice = judged(rejection());

    let planned = invoice.step_to(InvoiceStatus::Sent).unwrap_err();
    let issued = invoice.issue(number("A-1"), party("Us"), NOW).unwrap_err();

    assert!(matches!(issued, ChangeStatusError::ReviewRejected(_)));
    assert_eq!(planned, issued);
    assert_eq!(
        issued.to_string(),
        "the review has rejected the invoice; edit it to have it reviewed again: it is odd (too_odd)"
    );
    assert_eq!(
        invoice.step_to(InvoiceStatus::Cancelled),
        Ok(Step::Withdraw)
    );
}

#[rstest]
#[case::pending(draft())]
#[case::approved(judged(Decision::Approved))]
fn any_other_one_is(#[case] mut invoice: Invoice) {
    let issued = invoice.issue(number("A-1"), party("Us"), NOW);

    assert_eq!(issued, Ok(()));
}

#[test]
fn an_invoice_that_is_issued_already_can_still_be_judged() {
    let mut invoice = invoice_after(&[InvoiceStatus::Sent]);

    let is_wanted = invoice.conclude_review(Version::FIRST, rejection(), NOW);

    assert!(is_wanted);
    assert_eq!(invoice.facts().version, Version::new(3));
    assert!(invoice.advance(InvoiceStatus::Paid, NOW).is_ok());
}

#[test]
fn nobody_judges_what_was_withdrawn() {
    let mut invoice = invoice_after(&[InvoiceStatus::Cancelled]);

    let is_wanted = invoice.conclude_review(Version::FIRST, rejection(), NOW);

    assert!(!is_wanted);
    assert!(invoice.take_events().is_empty());
}

#[test]
fn whoever_has_seen_all_but_the_verdict_may_change_the_invoice() {
    let invoice = judged(Decision::Approved);

    let facts = invoice.facts();

    assert_eq!(facts.check(&seen(&[1])), Ok(()));
    assert_eq!(facts.check(&seen(&[2])), Ok(()));
    assert_eq!(facts.check(&Precondition::Any), Ok(()));
    let current = Version::new(2);
    assert_eq!(facts.check(&seen(&[3])), Err(VersionConflict { current }));
}

#[test]
fn whoever_has_missed_a_change_behind_the_verdict_may_not() {
    let mut invoice = judged(Decision::Approved);
    invoice.rewrite(contents("2", 100), NOW).unwrap();

    let facts = invoice.facts();

    let current = Version::new(3);
    assert_eq!(facts.check(&seen(&[3])), Ok(()));
    assert_eq!(
        facts.check(&seen(&[1, 2])),
        Err(VersionConflict { current })
    );
}

#[test]
fn whoever_has_missed_a_change_before_the_verdict_may_not_either() {
    let mut invoice = invoice_after(&[InvoiceStatus::Sent]);
    invoice.conclude_review(Version::FIRST, Decision::Approved, NOW);

    let facts = invoice.facts();

    let current = Version::new(3);
    assert_eq!(facts.check(&seen(&[2])), Ok(()));
    assert_eq!(facts.check(&seen(&[1])), Err(VersionConflict { current }));
}
