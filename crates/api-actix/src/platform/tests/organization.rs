use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    ports::{MockOrganizationQueries, StorageError},
    testing::{FakeUnitOfWork, ORGANIZATION, stored_organization},
};
use rstest::rstest;
use serde_json::{Value, json};

use super::{ORGANIZATION_PATH, changing};
use crate::testing::Bench;

fn with_organization() -> Bench {
    let mut organizations = MockOrganizationQueries::new();
    organizations.expect_find().returning(|id| {
        let facts = stored_organization().facts().clone();
        Ok((id == ORGANIZATION).then_some(facts))
    });
    Bench::new().with(|parts| parts.platform.organizations = Arc::new(organizations))
}

/// Holds the organization, and expects its change.
fn revised() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());
    uow.organizations.expect_update().returning(|_| Ok(()));
    uow.announcing("organization.updated", 2)
}

#[actix_web::test]
async fn the_organization_is_shown_whole() {
    let got = with_organization()
        .send(TestRequest::get().uri(ORGANIZATION_PATH))
        .await;

    assert_eq!((got.status.as_u16(), got.header("etag")), (200, "\"1\""));
    insta::assert_json_snapshot!(got.json());
}

#[rstest]
#[case::seen("\"1\"", 304)]
#[case::seen_weakly("W/\"1\"", 304)]
#[case::anything("*", 304)]
#[case::older("\"0\"", 200)]
#[case::malformed("1", 400)]
#[actix_web::test]
async fn what_the_client_has_is_not_sent_again(#[case] tag: &str, #[case] status: u16) {
    let request = TestRequest::get()
        .uri(ORGANIZATION_PATH)
        .insert_header(("if-none-match", tag));

    let got = with_organization().send(request).await;

    assert_eq!(got.status.as_u16(), status);
    assert_eq!(got.bytes.is_empty(), status == 304);
    if status == 304 {
        assert_eq!(got.header("etag"), "\"1\"");
    }
}

#[actix_web::test]
async fn a_change_keeps_sets_and_clears() {
    let body = json!({"legal_name": "Acme Ltd", "address": null, "payment_terms_days": 14});

    let got = Bench::new().over(revised()).send(changing(&body)).await;

    assert_eq!((got.status.as_u16(), got.header("etag")), (200, "\"2\""));
    let changed = got.json();
    assert_eq!(changed["legal_name"], "Acme Ltd");
    assert_eq!(changed["address"], Value::Null);
    assert_eq!(changed["payment_terms_days"], 14);
    assert_eq!(changed["default_currency"], "USD");
}

#[rstest]
#[case::name_cleared(json!({"legal_name": null}), "/legal_name", "required")]
#[case::name_empty(json!({"legal_name": ""}), "/legal_name", "empty")]
#[case::name_too_long(json!({"legal_name": "x".repeat(256)}), "/legal_name", "too_long")]
#[case::currency(json!({"default_currency": "usd"}), "/default_currency", "unsupported_value")]
#[case::email(json!({"email": "ada"}), "/email", "invalid_format")]
#[case::country(json!({"address": {"country": "XX"}}), "/address/country", "unsupported_value")]
#[case::no_country(json!({"address": {}}), "/address/country", "required")]
#[case::terms(json!({"payment_terms_days": 3651}), "/payment_terms_days", "out_of_range")]
#[case::terms_text(json!({"payment_terms_days": "30"}), "/payment_terms_days", "wrong_type")]
#[case::prefix(json!({"invoice_number_prefix": "INV "}), "/invoice_number_prefix", "invalid_format")]
#[case::rounding(json!({"rounding": "up"}), "/rounding", "unsupported_value")]
#[case::tax_id(json!({"tax_id": "x".repeat(51)}), "/tax_id", "too_long")]
#[case::id(json!({"id": "x"}), "/id", "unknown_field")]
#[actix_web::test]
async fn wrong_changes_are_refused(#[case] body: Value, #[case] pointer: &str, #[case] code: &str) {
    let got = Bench::new().send(changing(&body)).await;

    assert_eq!(got.faults(), [(pointer.to_owned(), code.to_owned())]);
}

#[rstest]
#[case::current("\"1\"", 200)]
#[case::one_of_several("\"7\", \"1\"", 200)]
#[case::any("*", 200)]
#[case::older("\"7\"", 412)]
#[case::weak("W/\"1\"", 412)]
#[case::malformed("7", 400)]
#[actix_web::test]
async fn only_a_seen_version_is_changed(#[case] tag: &str, #[case] status: u16) {
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());
    uow.organizations.expect_update().returning(|_| Ok(()));
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    let request = changing(&json!({"email": null})).insert_header(("if-match", tag));

    let got = Bench::new().over(uow).send(request).await;

    assert_eq!(got.status.as_u16(), status);
    if status == 412 {
        assert_eq!(got.problem().1, "version_conflict");
        assert_eq!(got.json()["detail"], "the current version is 1");
    }
}

#[rstest]
#[case::contended(StorageError::Contended { attempts: 8 }, 409, "concurrent_change")]
#[case::down(StorageError::Unavailable("gone".into()), 503, "unavailable")]
#[case::corrupt(StorageError::Corrupt { entity: "organization", source: "x".into() }, 500, "internal_error")]
#[actix_web::test]
async fn a_failing_storage_is_told_apart(
    #[case] error: StorageError,
    #[case] status: u16,
    #[case] code: &str,
) {
    let mut uow = FakeUnitOfWork::default();
    let mut error = Some(error);
    let failing = move |_| Err(error.take().unwrap());
    uow.organizations
        .expect_find_for_update()
        .returning(failing);

    let got = Bench::new().over(uow).send(changing(&json!({}))).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
}
