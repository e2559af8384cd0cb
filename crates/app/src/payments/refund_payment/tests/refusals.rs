//! What is not given back, and why.

use domain::{payments::ProviderReference, values::InvalidValue};
use rstest::rstest;

use super::*;

#[rstest]
#[case::more_than_was_paid(Some(101), 0, 0)]
#[case::more_than_is_left(Some(41), 60, 0)]
#[case::what_others_are_about_to_get(Some(41), 0, 60)]
#[case::all_when_nothing_is_left(None, 60, 40)]
#[tokio::test]
async fn never_more_is_given_back_than_was_paid(
    #[case] asked: Option<i64>,
    #[case] refunded_minor: i64,
    #[case] refunding_minor: i64,
) {
    let store = store(0, 100);
    let payment = payment(None, |it| {
        it.refunded_minor = refunded_minor;
        it.refunding_minor = refunding_minor;
    });

    let refused = handler()
        .handle(&command(asked), &mut holding(payment, &store))
        .await;

    assert!(
        matches!(
            refused,
            Err(RefundPaymentError::Refused(RefundRefusal::Exceeds(_)))
        ),
        "{refused:?}"
    );
    assert_eq!(on(&store, 2), (100, 0));
}

#[rstest]
#[case::waiting(Stage::Pending { next_attempt_at: now() })]
#[case::under_way(Stage::Processing { presumed_lost_at: now() })]
#[case::nobody_knows(Stage::Unknown { since: now(), next_check_at: now(), checks: 0 })]
#[case::failed(Stage::Failed { at: now() })]
#[case::called_off(Stage::Cancelled { at: now() })]
#[tokio::test]
async fn what_has_not_moved_is_not_given_back(#[case] stage: Stage) {
    let store = store(100, 100);
    let payment = payment(Some(Direction::Charge), |it| {
        it.progress = Progress::at(stage);
    });

    let refused = handler()
        .handle(&command(None), &mut holding(payment, &store))
        .await;

    assert!(
        matches!(
            refused,
            Err(RefundPaymentError::Refused(RefundRefusal::NotRefundable(_)))
        ),
        "{refused:?}"
    );
}

#[rstest]
#[case::between_two_accounts(None, 2, AccountStatus::Active, 29, "insufficient_funds")]
#[case::from_a_frozen_one(None, 2, AccountStatus::Frozen, 100, "account_frozen")]
#[case::to_a_closed_one(None, 1, AccountStatus::Closed, 0, "account_closed")]
#[case::of_a_charge(
    Some(Direction::Charge),
    1,
    AccountStatus::Active,
    29,
    "insufficient_funds"
)]
#[case::of_a_charge_to_a_closed_one(
    Some(Direction::Charge),
    1,
    AccountStatus::Closed,
    0,
    "account_closed"
)]
#[case::of_a_payout_from_a_closed_one(
    Some(Direction::Payout),
    1,
    AccountStatus::Closed,
    0,
    "account_closed"
)]
#[tokio::test]
async fn what_the_ledger_refuses_moves_nothing(
    #[case] direction: Option<Direction>,
    #[case] number: u128,
    #[case] status: AccountStatus,
    #[case] balance_minor: i64,
    #[case] code: &str,
) {
    let odd = Standing {
        status,
        ..standing(number, balance_minor)
    };
    let other = standing(3 - number, 100);
    let store = MemoryPostingStore::with([odd, other]);

    let refused = handler()
        .handle(
            &command(Some(30)),
            &mut holding(payment(direction, |_| {}), &store),
        )
        .await;

    let Err(RefundPaymentError::Rejected(why)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(why.code(), code);
    assert_eq!(on(&store, number), (balance_minor, 0));
    assert_eq!(on(&store, 3 - number), (100, 0));
    assert!(store.see(|stored| stored.transfers.is_empty()));
}

#[tokio::test]
async fn what_the_provider_cannot_take_back_is_refused_at_once() {
    let store = store(0, 0);
    let payment = payment(Some(Direction::Payout), |it| {
        it.progress.reference = ProviderReference::parse("B1").ok();
    });
    let why = InvalidProviderData {
        field: "provider",
        why: InvalidValue::Unsupported {
            expected: "something that PayPal can take back: payouts are not",
        },
    };
    let handler = handler_whose_provider_says(Err(why));

    // Nothing is expected to be stored.
    let refused = handler
        .handle(&command(None), &mut holding(payment, &store))
        .await;

    assert!(
        matches!(refused, Err(RefundPaymentError::Impossible(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn nobody_is_asked_who_is_not_set_up_any_more() {
    let store = store(0, 0);
    let payment = payment(Some(Direction::Payout), |it| {
        it.progress.reference = ProviderReference::parse("B1").ok();
    });
    let ids = Arc::<SequentialIds>::default();
    let handler = RefundPaymentHandler::new(FixedClock::at(NOW), ids, Providers::default());

    let refused = handler
        .handle(&command(None), &mut holding(payment, &store))
        .await;

    assert!(
        matches!(refused, Err(RefundPaymentError::ProviderUnknown(_))),
        "{refused:?}"
    );
}
