use actix_web::test::TestRequest;
use app::{
    ports::Written,
    testing::{FakeUnitOfWork, out_of_reach},
};
use rstest::rstest;
use serde_json::{Value, json};

use super::{CUSTOMERS, changed, whole_body, whole_profile};
use crate::testing::{Bench, with_body};

/// Under an id of its own, so that the first id that is made is the customer's.
fn creating(body: &Value) -> TestRequest {
    let request = TestRequest::post().uri(CUSTOMERS);
    with_body(request, body).insert_header(("x-request-id", "r-1"))
}

fn inserting(written: Written) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let insert = uow.customers.expect_insert().once();
    insert.returning(move |_| Ok(written));
    uow
}

#[actix_web::test]
async fn a_new_customer_is_stored_and_answered_whole() {
    let mut uow = FakeUnitOfWork::default().announcing("customer.created", 1);
    uow.customers
        .expect_insert()
        .once()
        .withf(|customer| customer.facts().profile == whole_profile())
        .returning(|_| Ok(Written::Stored));

    let got = Bench::new().over(uow).send(creating(&whole_body())).await;

    let id = "00000000-0000-0000-0000-000000000001";
    let made = json!({
        "id": id,
        "created_at": "2026-11-20T12:00:00.000000Z",
        "updated_at": "2026-11-20T12:00:00.000000Z",
        "archived_at": null,
        "version": 1,
    });
    assert_eq!(got.status.as_u16(), 201);
    assert_eq!(got.json(), changed(whole_body(), made));
    let mut headers: Vec<_> = got
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort_unstable();
    let expected = [
        "cache-control: no-store".to_owned(),
        "content-security-policy: default-src 'none'; frame-ancestors 'none'".to_owned(),
        "content-type: application/json".to_owned(),
        "etag: \"1\"".to_owned(),
        format!("location: {CUSTOMERS}/{id}"),
        "ratelimit-policy: \"default\";q=2000;w=2".to_owned(),
        "ratelimit: \"default\";r=1999;t=1".to_owned(),
        "referrer-policy: no-referrer".to_owned(),
        "x-content-type-options: nosniff".to_owned(),
        "x-request-id: r-1".to_owned(),
    ];
    assert_eq!(headers, expected);
}

#[rstest]
#[case::left_out(json!({"name": " Ada\u{a0}"}))]
#[case::null(json!({
    "name": "Ada", "email": null, "address": null, "tax_id": null, "currency": null, "external_id": null,
    "metadata": null,
}))]
#[actix_web::test]
async fn what_is_not_known_of_a_customer_is_null(#[case] body: Value) {
    let uow = inserting(Written::Stored).announcing("customer.created", 1);

    let got = Bench::new().over(uow).send(creating(&body)).await;

    let expected = json!({
        "id": "00000000-0000-0000-0000-000000000001",
        "name": "Ada",
        "email": null,
        "address": null,
        "tax_id": null,
        "currency": null,
        "external_id": null,
        "metadata": {},
        "created_at": "2026-11-20T12:00:00.000000Z",
        "updated_at": "2026-11-20T12:00:00.000000Z",
        "archived_at": null,
        "version": 1,
    });
    assert_eq!(got.json(), expected);
}

#[rstest]
#[case::external_id_taken(inserting(Written::AlreadyThere), 409, "already_exists")]
#[case::storage({
    let mut uow = FakeUnitOfWork::default();
    uow.customers.expect_insert().returning(|_| out_of_reach());
    uow
}, 503, "unavailable")]
#[actix_web::test]
async fn a_customer_that_cannot_be_made_is_refused(
    #[case] uow: FakeUnitOfWork,
    #[case] status: u16,
    #[case] code: &str,
) {
    let got = Bench::new().over(uow).send(creating(&whole_body())).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
}

#[actix_web::test]
async fn a_taken_external_id_is_named() {
    let uow = inserting(Written::AlreadyThere);

    let got = Bench::new().over(uow).send(creating(&whole_body())).await;

    let expected = json!({
        "type": "/problems/already-exists",
        "title": "Already exists",
        "status": 409,
        "code": "already_exists",
        "detail": "another customer has this external id",
        "instance": CUSTOMERS,
        "request_id": "r-1",
        "errors": [],
    });
    assert_eq!(got.json(), expected);
}
