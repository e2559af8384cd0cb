use actix_web::test::TestRequest;
use app::testing::{ACCOUNT, FakeUnitOfWork, stored_account, stored_user};
use domain::ledger::{Account, Standing};

use super::{USER_ID, USERS};
use crate::testing::Bench;

fn closing() -> TestRequest {
    TestRequest::delete().uri(&format!("{USERS}/{USER_ID}"))
}

/// A user with so much money.
fn holding(balance_minor: i64) -> FakeUnitOfWork {
    let account = stored_account();
    let standing = Standing {
        balance_minor,
        ..*account.standing()
    };
    FakeUnitOfWork::default()
        .with_user(stored_user("ada1815", ACCOUNT))
        .with_account(Account::restore(account.facts().clone(), standing))
}

#[actix_web::test]
async fn user_and_wallet_are_closed() {
    let mut uow = holding(0)
        .announcing("account.closed", 2)
        .announcing("user.closed", 2);
    uow.payments.expect_is_awaited().returning(|_, _| Ok(false));
    uow.users.expect_update().once().returning(|_| Ok(()));
    uow.accounts.expect_update().once().returning(|_| Ok(()));

    let got = Bench::new().over(uow).send(closing()).await;

    assert_eq!((got.status.as_u16(), got.bytes.len()), (204, 0));
}

#[actix_web::test]
async fn a_user_with_money_is_not_closed() {
    let got = Bench::new().over(holding(1)).send(closing()).await;

    assert_eq!(got.problem(), (422, "account_not_empty".to_owned()));
}

#[actix_web::test]
async fn nobody_who_is_not_there_is_closed() {
    let mut uow = FakeUnitOfWork::default();
    uow.users
        .expect_find_for_update()
        .returning(|_, _| Ok(None));

    let got = Bench::new().over(uow).send(closing()).await;

    assert_eq!(got.problem(), (404, "not_found".to_owned()));
}
