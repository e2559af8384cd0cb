use rstest::rstest;
use uuid::Uuid;

use super::*;

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn opened(limit_minor: i64) -> Account {
    let opening = AccountOpening {
        owner: AccountOwner::parse("user-1").unwrap(),
        name: Name::parse("Ada").unwrap(),
        currency: Currency::parse("USD").unwrap(),
        overdraft_limit: OverdraftLimit::from_minor(limit_minor).unwrap(),
        metadata: Metadata::default(),
    };
    let id = AccountId::from_uuid(Uuid::from_u128(1));
    let organization_id = OrganizationId::from_uuid(Uuid::from_u128(2));
    Account::open(id, organization_id, opening, now())
}

fn standing_at(limit_minor: i64, balance_minor: i64, held_minor: i64) -> Account {
    let account = opened(limit_minor);
    let standing = Standing {
        balance_minor,
        held_minor,
        ..*account.standing()
    };
    Account::restore(account.facts().clone(), standing)
}

fn to_status(status: AccountStatus) -> AccountChange {
    AccountChange {
        status: Some(status),
        ..AccountChange::default()
    }
}

#[rstest]
#[case::empty(0, 0, true)]
#[case::money_on_it(1, 0, false)]
#[case::drawn(-1, 0, false)]
#[case::held(0, 1, false)]
fn only_an_empty_account_is_closed(#[case] balance: i64, #[case] held: i64, #[case] closes: bool) {
    let mut account = standing_at(100, balance, held);

    assert_eq!(
        account
            .change(to_status(AccountStatus::Closed), now())
            .is_ok(),
        closes
    );
}

#[test]
fn closing_is_final_and_told() {
    let mut account = standing_at(0, 0, 0);
    account
        .change(to_status(AccountStatus::Closed), now())
        .unwrap();

    let refused = account
        .change(to_status(AccountStatus::Active), now())
        .unwrap_err();

    assert_eq!(refused, ChangeAccountError::Closed(account.facts().id));
    assert_eq!(
        account.take_events(),
        [AccountEvent::Closed(account.facts().clone())]
    );
}

#[rstest]
#[case::not_drawn(0, 0, 0, true)]
#[case::just_what_is_drawn(-50, 0, 50, true)]
#[case::less_than_is_drawn(-50, 0, 49, false)]
#[case::less_than_is_held(10, 60, 49, false)]
#[case::what_is_held(10, 60, 50, true)]
fn the_limit_does_not_go_below_what_is_in_use(
    #[case] balance: i64,
    #[case] held: i64,
    #[case] limit: i64,
    #[case] is_allowed: bool,
) {
    let mut account = standing_at(100, balance, held);
    let change = AccountChange {
        overdraft_limit: Some(OverdraftLimit::Minor(limit)),
        ..AccountChange::default()
    };

    assert_eq!(account.change(change, now()).is_ok(), is_allowed);
}

#[test]
fn a_change_counts_on_the_account_and_on_its_standing() {
    let mut account = opened(0);

    account
        .change(to_status(AccountStatus::Frozen), now())
        .unwrap();

    assert_eq!(account.facts().version, Version::new(2));
    assert_eq!(account.standing().version, Version::new(2));
    assert_eq!(account.standing().status, AccountStatus::Frozen);
}

#[test]
fn a_new_name_does_not_change_how_it_stands() {
    let mut account = opened(0);
    let change = AccountChange {
        name: Some(Name::parse("Bob").unwrap()),
        ..AccountChange::default()
    };

    account.change(change, now()).unwrap();

    assert_eq!(account.facts().version, Version::new(2));
    assert_eq!(account.standing().version, Version::FIRST);
}

#[test]
fn system_accounts_are_not_changed_by_clients() {
    let account = opened(0);
    let facts = AccountFacts {
        system: Some(SystemAccount::External),
        ..account.facts().clone()
    };
    let mut account = Account::restore(facts, *account.standing());

    let refused = account.change(AccountChange::default(), now()).unwrap_err();

    assert_eq!(
        refused,
        ChangeAccountError::SystemAccount(account.facts().id)
    );
}
