use actix_web::{http::StatusCode, test::TestRequest};
use domain::{
    ids::UserId,
    wallets::{User, UserFacts},
};
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{USER_ID, ada, bench, post, wallet};
use crate::testing::{Bench, knowing, with_body};

/// Another user with this name, whose wallet is this account.
fn other(username: &str, account: u128) -> User {
    let user = app::testing::stored_user(username, wallet(account));
    User::restore(UserFacts {
        id: UserId::from_uuid(Uuid::from_u128(2_000 + account)),
        ..user.facts().clone()
    })
}

/// Ada and Charles have 10.00 each; the wallet of Frieda is frozen, that of Carla closed.
fn everybody() -> Bench {
    let mut carla = other("carla", 4);
    carla.close(app::testing::NOW.parse().unwrap()).unwrap();
    bench(&[ada(), other("charles", 2), other("frieda", 3), carla])
}

fn payment(from: &str, to: &str, minor: i64) -> Value {
    json!({"from_username": from, "to_username": to, "amount_minor": minor})
}

#[actix_web::test]
async fn users_pay_each_other_by_name() {
    let mut asked = payment("ADA1815", "charles", 300);
    asked["description"] = json!("Lunch");

    let got = everybody()
        .send(post("/wallet-transfers", "a", &asked))
        .await;

    assert_eq!(got.status, StatusCode::CREATED);
    let told = got.json();
    assert_eq!(told["kind"], "transfer");
    assert_eq!(told["currency"], "USD");
    assert_eq!(told["description"], "Lunch");
    assert_eq!(told["source_account_id"], wallet(1).to_string());
    assert_eq!(told["source_balance_after_minor"], 700);
    assert_eq!(told["destination_balance_after_minor"], 1_300);
}

#[rstest]
#[case::more_than_there_is(payment("ada1815", "charles", 1_001), 422, "insufficient_funds")]
#[case::to_oneself(payment("ada1815", "ada1815", 1), 422, "same_account")]
#[case::from_nobody(payment("nobody", "charles", 1), 404, "user_not_found")]
#[case::to_nobody(payment("ada1815", "nobody", 1), 404, "user_not_found")]
#[case::frozen(payment("ada1815", "frieda", 1), 422, "account_frozen")]
#[case::closed(payment("carla", "ada1815", 1), 422, "account_closed")]
#[case::zero(payment("ada1815", "charles", 0), 400, "validation_failed")]
#[case::no_name(payment("a", "charles", 1), 400, "validation_failed")]
#[actix_web::test]
async fn what_cannot_be_paid_is_refused(
    #[case] asked: Value,
    #[case] status: u16,
    #[case] code: &str,
) {
    let got = everybody()
        .send(post("/wallet-transfers", "a", &asked))
        .await;

    assert_eq!(got.problem(), (status, code.to_owned()));
}

#[actix_web::test]
async fn a_currency_that_is_named_is_checked() {
    let mut asked = payment("ada1815", "charles", 1);
    asked["currency"] = json!("EUR");

    let got = everybody()
        .send(post("/wallet-transfers", "a", &asked))
        .await;

    assert_eq!(got.problem(), (422, "currency_mismatch".to_owned()));
}

#[rstest]
#[case::deposit("deposits", "deposit", "destination_balance_after_minor", 1_250)]
#[case::withdrawal("withdrawals", "withdrawal", "source_balance_after_minor", 750)]
#[actix_web::test]
async fn money_comes_from_outside_and_goes_there(
    #[case] path: &str,
    #[case] kind: &str,
    #[case] balance: &str,
    #[case] expected: i64,
) {
    let path = format!("/users/{USER_ID}/wallet/{path}");

    let got = everybody()
        .send(post(&path, "a", &json!({"amount_minor": 250})))
        .await;

    assert_eq!(got.status, StatusCode::CREATED);
    let told = got.json();
    assert_eq!(
        (&told["kind"], &told[balance]),
        (&json!(kind), &json!(expected))
    );
}

#[rstest]
#[case::payment("/wallet-transfers".to_owned(), payment("ada1815", "charles", 1))]
#[case::deposit(format!("/users/{USER_ID}/wallet/deposits"), json!({"amount_minor": 1}))]
#[case::withdrawal(format!("/users/{USER_ID}/wallet/withdrawals"), json!({"amount_minor": 1}))]
#[actix_web::test]
async fn money_moves_only_under_a_key_and_with_its_scope(
    #[case] path: String,
    #[case] asked: Value,
) {
    let scoped = |scope: &'static str| {
        everybody().with(move |parts| parts.authenticator = knowing(&[scope]))
    };

    let unkeyed = with_body(TestRequest::post().uri(&format!("/api/v1{path}")), &asked);
    let no_key = everybody().send(unkeyed).await;
    let other_scope = scoped("users:write").send(post(&path, "a", &asked)).await;
    let right_scope = scoped("transfers:write")
        .send(post(&path, "a", &asked))
        .await;

    assert_eq!(
        no_key.problem(),
        (400, "idempotency_key_required".to_owned())
    );
    assert_eq!(
        other_scope.problem(),
        (403, "insufficient_scope".to_owned())
    );
    assert_eq!(right_scope.status, StatusCode::CREATED);
}
