mod model;

use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::{
    ids::{AccountId, OrganizationId, TransferId},
    ledger::{OverdraftLimit, Shard, TransferDetails, TransferKind},
    values::{AMOUNT_MINOR_MAX, Currency},
    version::Version,
};

fn account(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(number))
}

fn organization(number: u128) -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(number))
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

fn folio(number: u128) -> Folio {
    Folio::whole(account(number))
}

fn standing(number: u128, balance_minor: i64) -> Standing {
    Standing {
        folio: folio(number),
        organization_id: organization(1),
        currency: usd(),
        status: AccountStatus::Active,
        overdraft_limit: OverdraftLimit::Minor(0),
        balance_minor,
        held_minor: 0,
        last_sequence: 0,
        last_entry_at: Timestamp::UNIX_EPOCH,
        version: Version::FIRST,
    }
}

fn order(source: u128, destination: u128, minor: i64) -> TransferOrder {
    TransferOrder {
        id: TransferId::from_uuid(Uuid::from_u128(1_000)),
        organization_id: organization(1),
        kind: TransferKind::Transfer,
        source: folio(source),
        destination: folio(destination),
        amount: TransferAmount::from_minor(minor).unwrap(),
        currency: usd(),
        details: TransferDetails::default(),
    }
}

#[test]
fn a_transfer_is_two_entries_that_add_up_to_zero() {
    let mut book = Book::new([standing(1, 500), standing(2, 0)]);

    let posting = book.post(&order(1, 2, 200), at(1)).unwrap();

    let source = Entry {
        folio: folio(1),
        sequence: 1,
        amount_minor: -200,
        balance_after_minor: 300,
    };
    let destination = Entry {
        folio: folio(2),
        sequence: 1,
        amount_minor: 200,
        balance_after_minor: 200,
    };
    assert_eq!((posting.source, posting.destination), (source, destination));
}

#[rstest]
#[case::all_of_it(500, 0, 0, 500, true)]
#[case::more_than_all(500, 0, 0, 501, false)]
#[case::down_to_the_limit(500, 100, 0, 600, true)]
#[case::below_the_limit(500, 100, 0, 601, false)]
#[case::what_is_not_held(500, 0, 300, 200, true)]
#[case::what_is_held(500, 0, 300, 201, false)]
fn only_what_is_available_can_be_spent(
    #[case] balance_minor: i64,
    #[case] limit: i64,
    #[case] held_minor: i64,
    #[case] amount: i64,
    #[case] is_posted: bool,
) {
    let source = Standing {
        overdraft_limit: OverdraftLimit::Minor(limit),
        held_minor,
        ..standing(1, balance_minor)
    };
    let mut book = Book::new([source, standing(2, 0)]);

    assert_eq!(book.post(&order(1, 2, amount), at(1)).is_ok(), is_posted);
}

#[test]
fn a_system_account_goes_as_low_as_it_takes() {
    let external = Standing {
        overdraft_limit: OverdraftLimit::Unlimited,
        ..standing(1, 0)
    };
    let mut book = Book::new([external, standing(2, 0)]);

    let posting = book.post(&order(1, 2, AMOUNT_MINOR_MAX), at(1)).unwrap();

    assert_eq!(posting.source.balance_after_minor, -AMOUNT_MINOR_MAX);
}

#[test]
fn a_balance_that_json_cannot_carry_is_refused() {
    let mut book = Book::new([standing(1, 1), standing(2, AMOUNT_MINOR_MAX)]);

    let refused = book.post(&order(1, 2, 1), at(1)).unwrap_err();

    assert_eq!(refused, Rejection::AmountOutOfRange(account(2)));
    assert_eq!(book.standing(folio(1)), Some(&standing(1, 1)));
}

#[test]
fn a_page_of_a_system_account_takes_far_more() {
    let page = Folio {
        account_id: account(1),
        shard: Shard::any(0),
    };
    let external = Standing {
        folio: page,
        overdraft_limit: OverdraftLimit::Unlimited,
        ..standing(1, -AMOUNT_MINOR_MAX)
    };
    let mut book = Book::new([external, standing(2, 0)]);
    let deposit = TransferOrder {
        source: page,
        ..order(1, 2, AMOUNT_MINOR_MAX)
    };

    let posting = book.post(&deposit, at(1)).unwrap();

    assert_eq!(posting.source.balance_after_minor, -2 * AMOUNT_MINOR_MAX);
}

#[rstest]
#[case::unknown_source(order(9, 2, 1), Rejection::AccountNotFound(account(9)))]
#[case::unknown_destination(order(1, 9, 1), Rejection::AccountNotFound(account(9)))]
#[case::to_itself(order(1, 1, 1), Rejection::SameAccount)]
#[case::frozen(order(3, 1, 1), Rejection::AccountFrozen(account(3)))]
#[case::to_a_frozen_one(order(1, 3, 1), Rejection::AccountFrozen(account(3)))]
#[case::closed(order(1, 4, 1), Rejection::AccountClosed(account(4)))]
fn what_cannot_be_posted_says_why_and_changes_nothing(
    #[case] order: TransferOrder,
    #[case] expected: Rejection,
) {
    let with = |number, status| Standing {
        status,
        ..standing(number, 10)
    };
    let accounts = [
        standing(1, 10),
        standing(2, 10),
        with(3, AccountStatus::Frozen),
        with(4, AccountStatus::Closed),
    ];
    let mut book = Book::new(accounts);

    let refused = book.post(&order, at(1)).unwrap_err();

    assert_eq!(refused, expected);
    for account in accounts {
        assert_eq!(book.standing(account.folio), Some(&account));
    }
}

#[test]
fn another_organizations_account_is_not_there() {
    let foreign = Standing {
        organization_id: organization(2),
        ..standing(2, 0)
    };
    let mut book = Book::new([standing(1, 10), foreign]);

    let refused = book.post(&order(1, 2, 1), at(1)).unwrap_err();

    assert_eq!(refused, Rejection::AccountNotFound(account(2)));
}

#[test]
fn no_entry_is_dated_before_the_one_before_it() {
    let mut book = Book::new([standing(1, 10), standing(2, 0), standing(3, 0)]);

    book.post(&order(1, 2, 1), at(9)).unwrap();
    let later = book.post(&order(2, 3, 1), at(5)).unwrap();

    assert_eq!(later.posted_at, at(9));
}

#[test]
fn each_change_of_a_standing_is_a_version() {
    let mut book = Book::new([standing(1, 10), standing(2, 0)]);

    book.reserve(&order(1, 2, 4)).unwrap();
    assert!(book.release(folio(1), TransferAmount::from_minor(4).unwrap()));
    book.post(&order(1, 2, 4), at(1)).unwrap();

    assert_eq!(book.standing(folio(1)).unwrap().version, Version::new(4));
    assert_eq!(book.standing(folio(2)).unwrap().version, Version::new(2));
}

#[test]
fn no_more_is_let_go_than_is_held() {
    let mut book = Book::new([standing(1, 10), standing(2, 0)]);
    book.reserve(&order(1, 2, 4)).unwrap();

    let is_let_go = book.release(folio(1), TransferAmount::from_minor(5).unwrap());

    assert!(!is_let_go);
    let left = book.standing(folio(1)).unwrap();
    assert_eq!((left.held_minor, left.version), (4, Version::new(2)));
}

#[test]
fn what_is_reserved_cannot_be_spent_or_reserved_again() {
    let mut book = Book::new([standing(1, 10), standing(2, 0)]);

    book.reserve(&order(1, 2, 8)).unwrap();

    assert!(book.reserve(&order(1, 2, 3)).is_err());
    assert!(book.post(&order(1, 2, 3), at(1)).is_err());
    assert!(book.post(&order(1, 2, 2), at(1)).is_ok());
}

#[test]
fn of_orders_that_belong_together_all_are_posted_or_none() {
    let mut book = Book::new([standing(1, 10), standing(2, 0)]);
    let bad = [order(1, 2, 6), order(1, 2, 6), order(2, 9, 1)];
    let good = [order(1, 2, 6), order(2, 1, 6)];

    let refused = book.post_all(&bad, at(1)).unwrap_err();
    let untouched = book.standing(folio(1)).copied();
    let posted = book.post_all(&good, at(1)).unwrap();

    let places: Vec<_> = refused
        .iter()
        .map(|(place, why)| (*place, why.code()))
        .collect();
    assert_eq!(
        places,
        [(1, "insufficient_funds"), (2, "account_not_found")]
    );
    assert_eq!(untouched, Some(standing(1, 10)));
    assert_eq!(posted.len(), 2);
    assert_eq!(book.standing(folio(1)).unwrap().balance_minor, 10);
}

#[test]
fn currencies_are_not_mixed() {
    let eur = Currency::parse("EUR").unwrap();
    let foreign = Standing {
        currency: eur,
        ..standing(2, 0)
    };
    let mut book = Book::new([standing(1, 10), foreign]);

    let refused = book.post(&order(1, 2, 1), at(1)).unwrap_err();

    let expected = Rejection::CurrencyMismatch {
        account_id: account(2),
        expected: usd(),
        actual: eur,
    };
    assert_eq!(refused, expected);
}
