use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::{
    ids::{AccountId, RefundId},
    ledger::ProviderName,
    payments::{Direction, GivenBack, Outcome, ProviderLeg, ProviderReference},
};

pub(in crate::payments) const NOW: Timestamp = Timestamp::UNIX_EPOCH;

pub(in crate::payments) fn amount(minor: i64) -> TransferAmount {
    TransferAmount::from_minor(minor).unwrap()
}

pub(in crate::payments) fn after(seconds: i64) -> Timestamp {
    NOW + SignedDuration::from_secs(seconds)
}

pub(in crate::payments) const FOLLOW_UP: fn() -> FollowUp = || FollowUp {
    retry: RetryDecision::At(after(2)),
    check_at: after(10),
};

fn order() -> PaymentOrder {
    PaymentOrder {
        kind: PaymentKind::External(ProviderLeg {
            provider: ProviderName::parse("simulator").unwrap(),
            direction: Direction::Charge,
            account_id: AccountId::from_uuid(Uuid::from_u128(3)),
            provider_data: Metadata::default(),
            hold_id: None,
        }),
        amount: amount(100),
        currency: Currency::parse("USD").unwrap(),
        invoice_id: None,
        description: None,
        metadata: Metadata::default(),
    }
}

fn refund_id() -> RefundId {
    RefundId::from_uuid(Uuid::from_u128(7))
}

/// A payment of 100 through a provider, just accepted, with no events left to take.
fn pending() -> Payment {
    let id = PaymentId::from_uuid(Uuid::from_u128(1));
    let owner = OrganizationId::from_uuid(Uuid::from_u128(2));
    let mut payment = Payment::accept(id, owner, order(), NOW);
    payment.take_events();
    payment
}

fn processing() -> Payment {
    let mut payment = pending();
    payment.begin(after(60), NOW).unwrap();
    payment.take_events();
    payment
}

fn after_answer(outcome: Outcome) -> Payment {
    let mut payment = processing();
    let answer = ProviderAnswer::of(outcome, "told");
    payment.settle(&answer, FOLLOW_UP(), after(1)).unwrap();
    payment
}

fn completed() -> Payment {
    let mut payment = after_answer(Outcome::Succeeded);
    payment.take_events();
    payment
}

fn status(payment: &Payment) -> PaymentStatus {
    payment.facts().status()
}

#[test]
fn what_is_accepted_is_due_at_once_and_announced() {
    let id = PaymentId::from_uuid(Uuid::from_u128(1));
    let owner = OrganizationId::from_uuid(Uuid::from_u128(2));

    let mut payment = Payment::accept(id, owner, order(), NOW);

    assert_eq!(payment.facts().progress.stage.due_at(), Some(NOW));
    let events = payment.take_events();
    assert!(matches!(events.as_slice(), [PaymentEvent::Created(_)]));
}

#[rstest]
#[case(Outcome::Succeeded, PaymentStatus::Completed, Step::Completed, None)]
#[case(Outcome::Declined, PaymentStatus::Failed, Step::Failed, None)]
#[case(
    Outcome::Retryable,
    PaymentStatus::Pending,
    Step::RetryScheduled,
    Some(2)
)]
#[case(Outcome::Unknown, PaymentStatus::Unknown, Step::Doubted, Some(10))]
#[case(Outcome::Pending, PaymentStatus::Unknown, Step::Doubted, Some(10))]
fn each_answer_has_its_consequence(
    #[case] outcome: Outcome,
    #[case] expected: PaymentStatus,
    #[case] step: Step,
    #[case] due_in_seconds: Option<i64>,
) {
    let mut payment = after_answer(outcome);

    assert_eq!(status(&payment), expected);
    let due_at = payment.facts().progress.stage.due_at();
    assert_eq!(due_at, due_in_seconds.map(after));
    assert_eq!(payment.facts().version, Version::new(3));
    assert_eq!(
        payment.take_events(),
        [PaymentEvent::Moved {
            payment: Box::new(payment.facts().clone()),
            from: PaymentStatus::Processing,
            step,
        }]
    );
}

#[test]
fn after_enough_attempts_it_has_failed() {
    let mut payment = processing();
    let follow_up = FollowUp {
        retry: RetryDecision::Never,
        ..FOLLOW_UP()
    };

    let answer = ProviderAnswer::of(Outcome::Retryable, "busy");
    payment.settle(&answer, follow_up, NOW).unwrap();

    assert_eq!(status(&payment), PaymentStatus::Failed);
    assert_eq!(payment.facts().progress.attempts, 1);
}

#[test]
fn what_nobody_knows_is_asked_about_until_somebody_does() {
    let mut payment = after_answer(Outcome::Unknown);

    payment.doubt(after(60), after(11)).unwrap();
    let doubt = payment.facts().progress.stage.doubt();
    let reference = ProviderReference::parse("ch_1").unwrap();
    let answer = ProviderAnswer::of(Outcome::Succeeded, "found").with_reference(reference.clone());
    payment.settle(&answer, FOLLOW_UP(), after(61)).unwrap();

    assert_eq!(doubt, Some((after(1), 1)));
    assert_eq!(status(&payment), PaymentStatus::Completed);
    assert_eq!(payment.facts().progress.reference, Some(reference));
}

#[test]
fn what_never_arrived_is_tried_again() {
    let mut payment = after_answer(Outcome::Unknown);

    payment
        .never_arrived(RetryDecision::At(after(12)), after(11))
        .unwrap();

    assert_eq!(status(&payment), PaymentStatus::Pending);
    assert_eq!(payment.facts().progress.stage.due_at(), Some(after(12)));
}

#[test]
fn only_what_waits_is_called_off() {
    let mut waiting = after_answer(Outcome::Retryable);
    assert_eq!(waiting.cancel(NOW), Ok(()));
    assert_eq!(status(&waiting), PaymentStatus::Cancelled);

    for outcome in [Outcome::Succeeded, Outcome::Declined, Outcome::Unknown] {
        let mut payment = after_answer(outcome);
        let before = payment.clone();
        let refused = payment.cancel(NOW);
        assert_eq!(refused, Err(NotCancellable(status(&before))));
        assert_eq!(payment, before);
    }
    let mut payment = processing();
    assert!(payment.cancel(NOW).is_err());
}

#[test]
fn what_is_not_under_way_takes_no_answer() {
    let answer = ProviderAnswer::of(Outcome::Succeeded, "told");
    let mut late = completed();
    let mut early = pending();

    assert!(late.settle(&answer, FOLLOW_UP(), NOW).is_err());
    assert!(early.settle(&answer, FOLLOW_UP(), NOW).is_err());
    assert!(early.doubt(NOW, NOW).is_err());
    assert_eq!(early, pending());
}

#[test]
fn a_dead_letter_is_tried_again_with_all_attempts_before_it() {
    let mut payment = after_answer(Outcome::Declined);

    payment.revive(None, after(5)).unwrap();

    assert_eq!(status(&payment), PaymentStatus::Pending);
    assert_eq!(payment.facts().progress.attempts, 0);
    assert!(completed().revive(None, NOW).is_err());
    assert!(processing().revive(None, NOW).is_err());
}

#[test]
fn refunds_take_up_what_is_left() {
    let mut payment = completed();

    let part = payment.open_refund(refund_id(), Some(amount(30)), NOW);
    let rest = payment.open_refund(refund_id(), None, NOW);
    let more = payment.open_refund(refund_id(), None, NOW);

    assert_eq!(part, Ok(amount(30)));
    assert_eq!(rest, Ok(amount(70)));
    let exceeds = RefundExceedsPayment {
        refundable_minor: 0,
        asked_minor: None,
    };
    assert_eq!(more, Err(exceeds.into()));
    assert_eq!(status(&payment), PaymentStatus::Completed);
}

#[test]
fn refunds_that_arrive_change_the_status() {
    let mut payment = completed();
    let give_back = |payment: &mut Payment, minor, is_given| {
        payment
            .open_refund(refund_id(), Some(amount(minor)), NOW)
            .unwrap();
        let given_back = GivenBack {
            refund_id: refund_id(),
            amount_minor: minor,
        };
        payment.close_refund(given_back, is_given, NOW);
        status(payment)
    };

    assert_eq!(give_back(&mut payment, 40, false), PaymentStatus::Completed);
    let partly = give_back(&mut payment, 40, true);
    assert_eq!(partly, PaymentStatus::PartiallyRefunded);
    assert_eq!(payment.facts().refundable_minor(), 60);
    assert_eq!(give_back(&mut payment, 60, true), PaymentStatus::Refunded);
    assert!(payment.begin(NOW, NOW).is_err());
}

#[rstest]
#[case(101)]
#[case(1_000)]
fn not_more_than_was_paid(#[case] minor: i64) {
    let mut payment = completed();
    let before = payment.clone();

    let refused = payment.open_refund(refund_id(), Some(amount(minor)), NOW);

    let exceeds = RefundExceedsPayment {
        refundable_minor: 100,
        asked_minor: Some(minor),
    };
    assert_eq!(refused, Err(exceeds.into()));
    assert_eq!(payment, before);
}

#[test]
fn only_what_has_moved_is_given_back() {
    let mut payment = after_answer(Outcome::Unknown);

    let refused = payment.open_refund(refund_id(), None, NOW);

    assert_eq!(refused, Err(NotRefundable(PaymentStatus::Unknown).into()));
}
