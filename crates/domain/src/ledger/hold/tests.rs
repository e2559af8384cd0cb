use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::{
    ids::{AccountId, HoldId, OrganizationId},
    ledger::{TransferAmount, TransferDetails},
    values::Currency,
    version::Version,
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn amount(minor: i64) -> TransferAmount {
    TransferAmount::from_minor(minor).unwrap()
}

fn transfer() -> TransferId {
    TransferId::from_uuid(Uuid::from_u128(9))
}

/// Ten minor units, to be taken before second 100.
fn pending() -> Hold {
    let account = |number| AccountId::from_uuid(Uuid::from_u128(number));
    Hold::restore(HoldFacts {
        id: HoldId::from_uuid(Uuid::from_u128(1)),
        organization_id: OrganizationId::from_uuid(Uuid::from_u128(2)),
        account_id: account(3),
        destination_account_id: account(4),
        amount: amount(10),
        currency: Currency::parse("USD").unwrap(),
        details: TransferDetails::default(),
        status: HoldStatus::Pending,
        term: HoldTerm::Until(at(100)),
        created_at: at(0),
        updated_at: at(0),
        version: Version::FIRST,
    })
}

#[rstest]
#[case::all_of_it(None, 10)]
#[case::a_part(Some(4), 4)]
#[case::exactly_all(Some(10), 10)]
fn what_is_held_can_be_taken(#[case] asked: Option<i64>, #[case] taken: i64) {
    let mut hold = pending();

    let order = hold.capture(asked.map(amount), transfer(), at(99)).unwrap();

    assert_eq!(order.amount, amount(taken));
    assert_eq!(hold.facts().status.code(), "captured");
    assert_eq!(
        hold.take_events(),
        [HoldEvent::Resolved(hold.facts().clone())]
    );
}

#[test]
fn not_more_than_is_held() {
    let mut hold = pending();

    let refused = hold
        .capture(Some(amount(11)), transfer(), at(1))
        .unwrap_err();

    let expected = HoldRefusal::MoreThanHeld {
        held_minor: 10,
        asked_minor: 11,
    };
    assert_eq!(refused, expected);
    assert_eq!(hold, pending());
}

#[test]
fn its_time_ends_at_the_very_second() {
    let mut hold = pending();

    assert_eq!(
        hold.capture(None, transfer(), at(100)),
        Err(HoldRefusal::Expired { at: at(100) })
    );
    assert_eq!(
        hold.expire(at(99)),
        Err(HoldRefusal::NotExpired { until: at(100) })
    );
    assert_eq!(hold.expire(at(100)), Ok(()));
}

#[test]
fn it_is_resolved_once() {
    let mut hold = pending();
    hold.void(at(1)).unwrap();
    let resolved = HoldRefusal::Resolved {
        status: hold.facts().status,
    };

    assert_eq!(hold.void(at(2)), Err(resolved));
    assert_eq!(hold.expire(at(200)), Err(resolved));
    assert_eq!(hold.capture(None, transfer(), at(2)), Err(resolved));
}

#[test]
fn what_a_payment_has_reserved_is_for_the_payment_alone() {
    let payment_id = PaymentId::from_uuid(Uuid::from_u128(5));
    let mut hold = Hold::restore(HoldFacts {
        term: HoldTerm::WhilePaying(payment_id),
        ..pending().facts().clone()
    });
    let refused = HoldRefusal::OfPayment { payment_id };

    assert_eq!(hold.void(at(1)), Err(refused));
    assert_eq!(hold.capture(None, transfer(), at(1)), Err(refused));
    assert_eq!(hold.expire(at(200)), Err(refused));
    assert_eq!(hold.pay(transfer(), at(200)), Ok(()));
    assert_eq!(hold.facts().status.code(), "captured");
}

#[rstest]
#[case(0, false)]
#[case(1, true)]
#[case(31_622_400, true)]
#[case(31_622_401, false)]
fn time_is_a_second_to_a_year(#[case] seconds: i64, #[case] is_allowed: bool) {
    assert_eq!(HoldFacts::check_expires_in(seconds).is_ok(), is_allowed);
}
