use actix_web::test::TestRequest;
use app::testing::FakeUnitOfWork;
use rstest::rstest;
use serde_json::{Value, json};

use super::{HOLDS, account, body, changed, keyed, posting, store};
use crate::testing::{Bench, knowing, with_body};

/// So much on account 1 for account 2.
fn new_hold(minor: i64) -> Value {
    json!({
        "account_id": account(1),
        "destination_account_id": account(2),
        "amount_minor": minor,
        "currency": "USD",
    })
}

fn inserting() -> FakeUnitOfWork {
    let mut uow = keyed(FakeUnitOfWork::default())
        .with_books(&store(0))
        .announcing("hold.created", 1);
    uow.holds.expect_insert().once().returning(|_| Ok(()));
    uow
}

#[actix_web::test]
async fn a_new_hold_is_answered_whole() {
    let said = json!({
        "description": "Bicycle",
        "reference": "order-1",
        "metadata": {"till": "7"},
    });
    let asked = changed(new_hold(30), said.clone());
    let asked = changed(asked, json!({"expires_in_seconds": 3_600}));

    let got = Bench::new()
        .over(inserting())
        .send(posting("", Some(&asked)))
        .await;

    let id = "00000000-0000-0000-0000-000000000001";
    assert_eq!(got.status.as_u16(), 201);
    assert_eq!(got.header("location"), format!("{HOLDS}/{id}"));
    assert_eq!(got.header("etag"), "\"1\"");
    assert_eq!(
        got.json(),
        changed(changed(body(), said), json!({"id": id}))
    );
}

#[actix_web::test]
async fn a_hold_ends_after_seven_days_unless_somebody_says_otherwise() {
    let got = Bench::new()
        .over(inserting())
        .send(posting("", Some(&new_hold(1))))
        .await;

    assert_eq!(got.json()["expires_at"], "2026-11-27T12:00:00.000000Z");
}

#[rstest]
#[case::more_than_there_is(new_hold(31), 422, "insufficient_funds")]
#[case::for_itself(
    changed(new_hold(1), json!({"destination_account_id": account(1)})), 422, "same_account"
)]
#[case::for_nobody(
    changed(new_hold(1), json!({"destination_account_id": account(9)})), 404, "account_not_found"
)]
#[case::currency(changed(new_hold(1), json!({"currency": "EUR"})), 422, "currency_mismatch")]
#[actix_web::test]
async fn what_cannot_be_held_is_refused(
    #[case] asked: Value,
    #[case] status: u16,
    #[case] code: &str,
) {
    let mut uow = FakeUnitOfWork::default().with_books(&store(0));
    uow.idempotency_keys
        .expect_claim()
        .returning(|_, _| Ok(app::ports::Claim::First));

    let bench = Bench::new()
        .over(uow)
        .over(keyed(FakeUnitOfWork::default()));
    let got = bench.send(posting("", Some(&asked))).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
}

#[rstest]
#[case::nothing(json!({}), &[
    ("/account_id", "required"), ("/destination_account_id", "required"), ("/amount_minor", "required"),
    ("/currency", "required"),
])]
#[case::no_amount(changed(new_hold(1), json!({"amount_minor": 0})), &[("/amount_minor", "out_of_range")])]
#[case::no_time(
    changed(new_hold(1), json!({"expires_in_seconds": 0})), &[("/expires_in_seconds", "out_of_range")]
)]
#[case::too_much_time(
    changed(new_hold(1), json!({"expires_in_seconds": 31_622_401})), &[("/expires_in_seconds", "out_of_range")]
)]
#[case::no_currency(changed(new_hold(1), json!({"currency": "XXX"})), &[("/currency", "unsupported_value")])]
#[actix_web::test]
async fn all_faults_are_told(#[case] asked: Value, #[case] faults: &[(&str, &str)]) {
    let got = Bench::new().send(posting("", Some(&asked))).await;

    let told = got.faults();
    let told: Vec<_> = told
        .iter()
        .map(|(at, code)| (at.as_str(), code.as_str()))
        .collect();
    assert_eq!(got.problem(), (400, "validation_failed".to_owned()));
    assert_eq!(told, faults);
}

#[actix_web::test]
async fn money_is_held_under_a_key_only() {
    let request = with_body(TestRequest::post().uri(HOLDS), &new_hold(1));

    let got = Bench::new().send(request).await;

    assert_eq!(got.problem(), (400, "idempotency_key_required".to_owned()));
}

#[actix_web::test]
async fn reading_is_not_enough() {
    let bench = Bench::new().with(|parts| parts.authenticator = knowing(&["transfers:read"]));

    let got = bench.send(posting("", Some(&new_hold(1)))).await;

    assert_eq!(got.problem(), (403, "insufficient_scope".to_owned()));
}
