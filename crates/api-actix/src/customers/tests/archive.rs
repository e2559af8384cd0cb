use actix_web::test::TestRequest;
use app::{
    ports::Written,
    testing::{FakeUnitOfWork, out_of_reach, stored_customer},
};
use rstest::rstest;

use super::{archived, path};
use crate::testing::Bench;

fn archiving() -> TestRequest {
    TestRequest::delete().uri(&path())
}

#[rstest]
#[case::whatever(None)]
#[case::seen(Some("\"1\""))]
#[actix_web::test]
async fn an_archived_customer_is_answered_with_nothing(#[case] if_match: Option<&str>) {
    let mut uow = FakeUnitOfWork::default()
        .with_customer(stored_customer())
        .announcing("customer.archived", 2);
    uow.customers
        .expect_update()
        .once()
        .withf(|customer| customer.facts().archived_at.is_some())
        .returning(|_| Ok(Written::Stored));
    let request = match if_match {
        Some(tag) => archiving().insert_header(("if-match", tag)),
        None => archiving(),
    };

    let got = Bench::new().over(uow).send(request).await;

    assert_eq!(got.status.as_u16(), 204);
    assert!(got.bytes.is_empty());
    for name in ["content-type", "etag", "location"] {
        assert_eq!(got.header(name), "", "{name}");
    }
}

#[rstest]
#[case::unknown({
    let mut uow = FakeUnitOfWork::default();
    uow.customers.expect_find_for_update().returning(|_, _| Ok(None));
    uow
}, "*", 404, "not_found")]
#[case::archived_before(FakeUnitOfWork::default().with_customer(archived()), "*", 404, "not_found")]
#[case::changed_meanwhile(
    FakeUnitOfWork::default().with_customer(stored_customer()), "\"7\"", 412, "version_conflict"
)]
#[case::malformed_tag(FakeUnitOfWork::default(), "7", 400, "invalid_header")]
#[case::storage({
    let mut uow = FakeUnitOfWork::default();
    uow.customers.expect_find_for_update().returning(|_, _| out_of_reach());
    uow
}, "*", 503, "unavailable")]
#[actix_web::test]
async fn a_customer_that_cannot_be_archived_is_refused(
    #[case] uow: FakeUnitOfWork,
    #[case] if_match: &str,
    #[case] status: u16,
    #[case] code: &str,
) {
    let request = archiving().insert_header(("if-match", if_match));

    let got = Bench::new().over(uow).send(request).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
}

#[actix_web::test]
async fn an_id_is_a_uuid() {
    let request = TestRequest::delete().uri("/api/v1/customers/7");

    let got = Bench::new().send(request).await;

    assert_eq!(got.problem(), (400, "invalid_parameter".to_owned()));
    assert_eq!(
        got.faults(),
        [("id".to_owned(), "invalid_format".to_owned())]
    );
}
