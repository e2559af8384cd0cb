use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    ports::MockCustomerQueries,
    testing::{CUSTOMER, ORGANIZATION, out_of_reach},
};
use domain::customers::Customer;
use rstest::rstest;
use serde_json::json;

use super::{archived, changed, known, path, whole_body};
use crate::testing::Bench;

/// Holds this customer, to be found by its organization and its id only.
fn holding(stored: &Customer) -> Bench {
    let facts = stored.facts().clone();
    let mut queries = MockCustomerQueries::new();
    queries.expect_find().returning(move |owner, id| {
        let is_it = (owner, id) == (ORGANIZATION, CUSTOMER);
        Ok(is_it.then(|| facts.clone()))
    });
    Bench::new().with(|parts| parts.customers.queries = Arc::new(queries))
}

#[actix_web::test]
async fn a_customer_is_shown_whole() {
    let got = holding(&known())
        .send(TestRequest::get().uri(&path()))
        .await;

    assert_eq!((got.status.as_u16(), got.header("etag")), (200, "\"1\""));
    let made = json!({
        "id": CUSTOMER.to_string(),
        "created_at": "2026-11-01T08:00:00.000000Z",
        "updated_at": "2026-11-01T08:00:00.000000Z",
        "archived_at": null,
        "version": 1,
    });
    assert_eq!(got.json(), changed(whole_body(), made));
}

#[actix_web::test]
async fn an_archived_customer_is_still_there_to_be_read() {
    let got = holding(&archived())
        .send(TestRequest::get().uri(&path()))
        .await;

    assert_eq!(got.json()["archived_at"], "2026-11-01T08:00:00.000000Z");
}

#[rstest]
#[case::seen("\"1\"", 304)]
#[case::seen_weakly("W/\"1\"", 304)]
#[case::older("\"0\"", 200)]
#[case::malformed("1", 400)]
#[actix_web::test]
async fn what_the_client_has_is_not_sent_again(#[case] tag: &str, #[case] status: u16) {
    let request = TestRequest::get()
        .uri(&path())
        .insert_header(("if-none-match", tag));

    let got = holding(&known()).send(request).await;

    assert_eq!(got.status.as_u16(), status);
    assert_eq!(got.bytes.is_empty(), status == 304);
}

#[rstest]
#[case::unknown("00000000-0000-0000-0000-000000000099", 404, "not_found")]
#[case::no_uuid("3", 400, "invalid_parameter")]
#[case::upper_case("01936F8A-5B1E-7C3D-9A4F-2B6C8D0E1F23", 400, "invalid_parameter")]
#[actix_web::test]
async fn a_customer_that_is_not_there_is_not_found(
    #[case] id: &str,
    #[case] status: u16,
    #[case] code: &str,
) {
    let request = TestRequest::get().uri(&format!("/api/v1/customers/{id}"));

    let got = holding(&known()).send(request).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
    if status == 404 {
        let detail = format!("there is no customer {id}");
        assert_eq!(got.json()["detail"], detail);
    }
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let mut queries = MockCustomerQueries::new();
    queries.expect_find().returning(|_, _| out_of_reach());
    let bench = Bench::new().with(|parts| parts.customers.queries = Arc::new(queries));

    let got = bench.send(TestRequest::get().uri(&path())).await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}
