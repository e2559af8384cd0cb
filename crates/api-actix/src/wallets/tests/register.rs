use actix_web::test::TestRequest;
use app::{
    ports::UserInserted,
    testing::{FakeUnitOfWork, out_of_reach},
};
use rstest::rstest;
use serde_json::{Value, json};

use super::USERS;
use crate::testing::{Bench, Got, knowing, with_body};

fn body() -> Value {
    json!({"username": "Ada1815", "name": " Ada Lovelace ", "dni": "12345678", "currency": "USD"})
}

async fn registering(bench: Bench, body: &Value) -> Got {
    bench
        .send(
            with_body(TestRequest::post().uri(USERS), body).insert_header(("x-request-id", "r-1")),
        )
        .await
}

fn inserting(inserted: UserInserted) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let insert = uow.users.expect_insert().once();
    insert.returning(move |_| Ok(inserted));
    uow
}

#[actix_web::test]
async fn a_new_user_is_answered_whole_but_for_the_national_id() {
    let mut uow = inserting(UserInserted::Stored)
        .announcing("user.created", 1)
        .announcing("account.opened", 1);
    uow.accounts.expect_insert().once().returning(|_| Ok(()));

    let got = registering(Bench::new().over(uow), &body()).await;

    let id = "00000000-0000-0000-0000-000000000001";
    let expected = json!({
        "id": id,
        "username": "Ada1815",
        "name": "Ada Lovelace",
        "dni": "****5678",
        "currency": "USD",
        "wallet_account_id": "00000000-0000-0000-0000-000000000002",
        "created_at": "2026-11-20T12:00:00.000000Z",
        "updated_at": "2026-11-20T12:00:00.000000Z",
        "closed_at": null,
        "version": 1,
    });
    assert_eq!((got.status.as_u16(), got.json()), (201, expected));
    assert_eq!(got.header("location"), format!("{USERS}/{id}"));
    assert_eq!(got.header("etag"), "\"1\"");
}

#[rstest]
#[case::username(
    UserInserted::UsernameTaken,
    409,
    "already_exists",
    "another user has this username"
)]
#[case::national_id(
    UserInserted::NationalIdTaken,
    409,
    "already_exists",
    "another user has this national id"
)]
#[actix_web::test]
async fn what_another_user_has_is_named_and_not_quoted(
    #[case] inserted: UserInserted,
    #[case] status: u16,
    #[case] code: &str,
    #[case] detail: &str,
) {
    let got = registering(Bench::new().over(inserting(inserted)), &body()).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
    assert_eq!(got.json()["detail"], detail);
}

#[rstest]
#[case::short_username("username", json!("al"), "too_short")]
#[case::username_with_a_space("username", json!("ada l"), "invalid_format")]
#[case::short_name("name", json!("A"), "too_short")]
#[case::seven_digits("dni", json!("1234567"), "invalid_format")]
#[case::nine_digits("dni", json!("123456789"), "invalid_format")]
#[case::letters("dni", json!("1234567X"), "invalid_format")]
#[case::a_number("dni", json!(12_345_678), "wrong_type")]
#[case::no_dni("dni", Value::Null, "required")]
#[case::no_currency("currency", Value::Null, "required")]
#[case::unknown_currency("currency", json!("XXX"), "unsupported_value")]
#[actix_web::test]
async fn what_is_wrong_is_told_without_quoting_it(
    #[case] field: &'static str,
    #[case] value: Value,
    #[case] code: &str,
) {
    let mut wrong = body();
    wrong[field] = value;

    let got = registering(Bench::new(), &wrong).await;

    assert_eq!(got.problem(), (400, "validation_failed".to_owned()));
    assert_eq!(got.faults(), [(format!("/{field}"), code.to_owned())]);
    assert!(!got.json().to_string().contains("1234567"));
}

#[actix_web::test]
async fn registering_needs_its_scope() {
    let bench = Bench::new().with(|parts| parts.authenticator = knowing(&["users:read"]));

    let got = registering(bench, &body()).await;

    assert_eq!(got.problem(), (403, "insufficient_scope".to_owned()));
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let mut uow = FakeUnitOfWork::default();
    uow.users.expect_insert().returning(|_| out_of_reach());

    let got = registering(Bench::new().over(uow), &body()).await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}
