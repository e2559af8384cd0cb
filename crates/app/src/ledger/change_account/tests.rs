use domain::{
    ledger::{Account, AccountStatus, OverdraftLimit, Standing},
    values::Name,
    version::Version,
};
use rstest::{fixture, rstest};

use super::*;
use crate::testing::{
    ACCOUNT, FakeUnitOfWork, FixedClock, NOW, SequentialIds, caller, out_of_reach, stored_account,
    stranger,
};

#[fixture]
fn handler() -> ChangeAccountHandler {
    ChangeAccountHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn to(change: AccountChange) -> ChangeAccount {
    ChangeAccount {
        caller: caller(),
        id: ACCOUNT,
        precondition: Precondition::OneOf(vec![Version::FIRST]),
        change,
    }
}

fn becoming(status: AccountStatus) -> ChangeAccount {
    to(AccountChange {
        status: Some(status),
        ..AccountChange::default()
    })
}

fn holding(balance_minor: i64, held_minor: i64) -> Account {
    let stored = stored_account();
    let standing = Standing {
        balance_minor,
        held_minor,
        ..*stored.standing()
    };
    Account::restore(stored.facts().clone(), standing)
}

fn storing(uow: FakeUnitOfWork) -> FakeUnitOfWork {
    let mut uow = uow;
    uow.accounts.expect_update().once().returning(|_| Ok(()));
    uow
}

/// Whether money may yet come to the account.
fn awaiting(is_awaited: bool, mut uow: FakeUnitOfWork) -> FakeUnitOfWork {
    uow.payments
        .expect_is_awaited()
        .returning(move |_, id| Ok(id == ACCOUNT && is_awaited));
    uow
}

#[rstest]
#[case::frozen(AccountStatus::Frozen, "account.updated")]
#[case::thawed(AccountStatus::Active, "account.updated")]
#[case::closed(AccountStatus::Closed, "account.closed")]
#[tokio::test]
async fn a_change_is_stored_and_announced(
    handler: ChangeAccountHandler,
    #[case] status: AccountStatus,
    #[case] event: &'static str,
) {
    let uow = storing(FakeUnitOfWork::default().announcing(event, 2));
    let mut uow = awaiting(false, uow).with_account(holding(0, 0));

    let changed = handler.handle(&becoming(status), &mut uow).await.unwrap();

    assert_eq!(changed.facts.status, status);
    assert_eq!(changed.facts.version, Version::new(2));
    assert_eq!(changed.facts.updated_at, NOW.parse().unwrap());
}

#[rstest]
#[tokio::test]
async fn what_is_on_an_account_stays_as_it_is(handler: ChangeAccountHandler) {
    let change = AccountChange {
        name: Some(Name::parse("Savings").unwrap()),
        overdraft_limit: Some(OverdraftLimit::Minor(5)),
        ..AccountChange::default()
    };
    let uow = FakeUnitOfWork::default().announcing("account.updated", 2);
    let mut uow = storing(uow).with_account(holding(70, 20));

    let changed = handler.handle(&to(change), &mut uow).await.unwrap();

    assert_eq!(changed.facts.name.as_str(), "Savings");
    assert_eq!((changed.balance_minor, changed.held_minor), (70, 20));
    assert_eq!(changed.available_minor(), Some(55));
}

#[rstest]
#[tokio::test]
async fn what_the_account_does_not_allow_is_not_stored(handler: ChangeAccountHandler) {
    let mut uow = FakeUnitOfWork::default().with_account(holding(70, 0));

    let refused = handler
        .handle(&becoming(AccountStatus::Closed), &mut uow)
        .await;

    assert!(matches!(
        refused,
        Err(ChangeAccountError::Refused(Refusal::NotEmpty { .. }))
    ));
}

#[rstest]
#[tokio::test]
async fn an_account_that_money_may_yet_come_to_is_not_closed(handler: ChangeAccountHandler) {
    let mut uow = awaiting(true, FakeUnitOfWork::default()).with_account(holding(0, 0));

    let refused = handler
        .handle(&becoming(AccountStatus::Closed), &mut uow)
        .await;

    let is_awaited = matches!(
        refused,
        Err(ChangeAccountError::Refused(Refusal::Awaited(ACCOUNT)))
    );
    assert!(is_awaited, "{refused:?}");
}

#[rstest]
#[tokio::test]
async fn a_version_that_is_not_there_any_more_is_not_changed(handler: ChangeAccountHandler) {
    let mut uow = FakeUnitOfWork::default().with_account(stored_account());
    let command = ChangeAccount {
        precondition: Precondition::OneOf(vec![Version::new(2)]),
        ..becoming(AccountStatus::Frozen)
    };

    let refused = handler.handle(&command, &mut uow).await;

    assert!(matches!(refused, Err(ChangeAccountError::Conflict(_))));
}

#[rstest]
#[tokio::test]
async fn an_account_of_somebody_else_is_not_found(handler: ChangeAccountHandler) {
    let mut uow = FakeUnitOfWork::default().with_account(stored_account());
    let command = ChangeAccount {
        caller: stranger(),
        ..becoming(AccountStatus::Frozen)
    };

    let refused = handler.handle(&command, &mut uow).await;

    assert!(matches!(refused, Err(ChangeAccountError::NotFound(id)) if id == ACCOUNT));
}

#[rstest]
#[case::finding({
    let mut uow = FakeUnitOfWork::default();
    uow.accounts.expect_find_for_update().returning(|_, _| out_of_reach());
    uow
})]
#[case::storing({
    let mut uow = FakeUnitOfWork::default().with_account(stored_account());
    uow.accounts.expect_update().returning(|_| out_of_reach());
    uow
})]
#[case::announcing(
    storing(FakeUnitOfWork::default().failing_to_announce()).with_account(stored_account())
)]
#[tokio::test]
async fn a_failing_storage_is_told(handler: ChangeAccountHandler, #[case] mut uow: FakeUnitOfWork) {
    let failed = handler
        .handle(&becoming(AccountStatus::Frozen), &mut uow)
        .await;

    assert!(matches!(failed, Err(ChangeAccountError::Storage(_))));
}
