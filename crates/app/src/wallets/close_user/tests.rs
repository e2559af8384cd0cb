use domain::ledger::{Account, Standing};
use rstest::{fixture, rstest};

use super::*;
use crate::testing::{
    ACCOUNT, FakeUnitOfWork, FixedClock, NOW, SequentialIds, USER, caller, out_of_reach,
    stored_account, stored_user, stranger,
};

#[fixture]
fn handler() -> CloseUserHandler {
    CloseUserHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> CloseUser {
    CloseUser {
        caller: caller(),
        id: USER,
        precondition: Precondition::Any,
    }
}

/// A user whose wallet stands like this.
fn holding(change: impl FnOnce(&mut Standing)) -> FakeUnitOfWork {
    let account = stored_account();
    let mut standing = *account.standing();
    change(&mut standing);
    let mut facts = account.facts().clone();
    facts.status = standing.status;
    let mut uow = FakeUnitOfWork::default();
    uow.payments.expect_is_awaited().returning(|_, _| Ok(false));
    uow.with_user(stored_user("ada1815", ACCOUNT))
        .with_account(Account::restore(facts, standing))
}

#[rstest]
#[tokio::test]
async fn user_and_wallet_are_closed_and_announced(handler: CloseUserHandler) {
    let mut uow = holding(|_| {})
        .announcing("account.closed", 2)
        .announcing("user.closed", 2);
    uow.users
        .expect_update()
        .once()
        .withf(|user| user.facts().closed_at == Some(NOW.parse().unwrap()))
        .returning(|_| Ok(()));
    uow.accounts
        .expect_update()
        .once()
        .withf(|account| account.standing().status == AccountStatus::Closed)
        .returning(|_| Ok(()));

    handler.handle(&command(), &mut uow).await.unwrap();
}

#[rstest]
#[case::money(|standing: &mut Standing| standing.balance_minor = 1)]
#[case::held_money(|standing: &mut Standing| (standing.balance_minor, standing.held_minor) = (5, 5))]
#[tokio::test]
async fn nobody_is_closed_who_has_money(
    handler: CloseUserHandler,
    #[case] change: fn(&mut Standing),
) {
    let refused = handler.handle(&command(), &mut holding(change)).await;

    let is_not_empty = matches!(
        refused,
        Err(CloseUserError::Wallet(ChangeAccountError::NotEmpty { .. }))
    );
    assert!(is_not_empty, "{refused:?}");
}

#[rstest]
#[tokio::test]
async fn nobody_is_closed_whom_money_may_yet_come_to(handler: CloseUserHandler) {
    let mut uow = FakeUnitOfWork::default();
    uow.payments.expect_is_awaited().returning(|_, _| Ok(true));
    let mut uow = uow
        .with_user(stored_user("ada1815", ACCOUNT))
        .with_account(stored_account());

    let refused = handler.handle(&command(), &mut uow).await;

    let is_awaited = matches!(
        refused,
        Err(CloseUserError::Wallet(ChangeAccountError::Awaited(ACCOUNT)))
    );
    assert!(is_awaited, "{refused:?}");
}

#[rstest]
#[tokio::test]
async fn a_wallet_that_was_closed_before_stays_as_it_is(handler: CloseUserHandler) {
    let mut uow =
        holding(|standing| standing.status = AccountStatus::Closed).announcing("user.closed", 2);
    uow.users.expect_update().once().returning(|_| Ok(()));

    handler.handle(&command(), &mut uow).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn nobody_closes_the_users_of_others(handler: CloseUserHandler) {
    let command = CloseUser {
        caller: stranger(),
        ..command()
    };

    let refused = handler.handle(&command, &mut holding(|_| {})).await;

    assert!(matches!(refused, Err(CloseUserError::NotFound(USER))));
}

#[rstest]
#[tokio::test]
async fn a_failing_storage_is_told(handler: CloseUserHandler) {
    let mut uow = holding(|_| {});
    uow.accounts.expect_update().returning(|_| out_of_reach());

    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(CloseUserError::Storage(_))));
}
