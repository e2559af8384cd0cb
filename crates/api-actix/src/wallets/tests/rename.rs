use actix_web::test::TestRequest;
use app::testing::FakeUnitOfWork;
use rstest::rstest;
use serde_json::{Value, json};

use super::{USER_ID, USERS, ada};
use crate::testing::{Bench, with_body};

fn renaming(body: &Value) -> TestRequest {
    with_body(
        TestRequest::patch().uri(&format!("{USERS}/{USER_ID}")),
        body,
    )
}

#[actix_web::test]
async fn a_renamed_user_is_shown_as_it_is_now() {
    let mut uow = FakeUnitOfWork::default()
        .with_user(ada())
        .announcing("user.updated", 2);
    uow.users.expect_update().once().returning(|_| Ok(()));

    let request = renaming(&json!({"name": "Ada King"})).insert_header(("if-match", "\"1\""));
    let got = Bench::new().over(uow).send(request).await;

    assert_eq!((got.status.as_u16(), got.header("etag")), (200, "\"2\""));
    let told = got.json();
    assert_eq!(
        (&told["name"], &told["dni"]),
        (&json!("Ada King"), &json!("****5678"))
    );
}

#[rstest]
#[case::username(json!({"username": "ada2"}), "unknown_field")]
#[case::dni(json!({"dni": "12345678"}), "unknown_field")]
#[case::no_name(json!({"name": null}), "validation_failed")]
#[actix_web::test]
async fn only_the_name_can_be_changed(#[case] body: Value, #[case] code: &str) {
    let got = Bench::new().send(renaming(&body)).await;

    assert_eq!(got.problem(), (400, code.to_owned()));
}

#[rstest]
#[case::unknown(FakeUnitOfWork::default().with_user(ada()), USER_ID.replace('7', "8"), "\"1\"", 404, "not_found")]
#[case::changed_meanwhile(FakeUnitOfWork::default().with_user(ada()), USER_ID.to_owned(), "\"7\"", 412, "version_conflict")]
#[actix_web::test]
async fn a_user_that_cannot_be_renamed_is_refused(
    #[case] uow: FakeUnitOfWork,
    #[case] id: String,
    #[case] tag: &str,
    #[case] status: u16,
    #[case] code: &str,
) {
    let request = TestRequest::patch()
        .uri(&format!("{USERS}/{id}"))
        .insert_header(("if-match", tag));

    let got = Bench::new()
        .over(uow)
        .send(with_body(request, &json!({"name": "Ada King"})))
        .await;

    assert_eq!(got.problem(), (status, code.to_owned()));
}
