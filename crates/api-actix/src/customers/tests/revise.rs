use actix_web::test::TestRequest;
use app::{
    ports::Written,
    testing::{FakeUnitOfWork, out_of_reach, stored_customer},
};
use domain::{customers::CustomerProfile, values::Name};
use rstest::rstest;
use serde_json::{Value, json};

use super::{archived, changed, known, path, whole_body, whole_profile};
use crate::testing::{Bench, with_body};

fn changing(body: &Value) -> TestRequest {
    with_body(TestRequest::patch().uri(&path()), body)
}

/// Holds the customer, and expects it to be stored like this.
fn storing(profile: CustomerProfile) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default().with_customer(known());
    uow.customers
        .expect_update()
        .once()
        .withf(move |customer| customer.facts().profile == profile)
        .returning(|_| Ok(Written::Stored));
    uow.announcing("customer.updated", 2)
}

fn updating(written: Written) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default().with_customer(stored_customer());
    let update = uow.customers.expect_update();
    update.returning(move |_| Ok(written));
    uow
}

fn emptied() -> Value {
    json!({
        "email": null,
        "address": null,
        "tax_id": null,
        "currency": null,
        "external_id": null,
        "metadata": {},
    })
}

#[rstest]
#[case::nothing(json!({}), whole_profile())]
#[case::one(
    json!({"name": "Countess"}),
    CustomerProfile { name: Name::parse("Countess").unwrap(), ..whole_profile() }
)]
#[case::all(whole_body(), whole_profile())]
#[case::cleared(emptied(), CustomerProfile {
    email: None,
    address: None,
    tax_id: None,
    currency: None,
    external_id: None,
    metadata: domain::values::Metadata::default(),
    ..whole_profile()
})]
#[actix_web::test]
async fn a_change_keeps_sets_and_clears(#[case] body: Value, #[case] profile: CustomerProfile) {
    let uow = storing(profile);

    let got = Bench::new().over(uow).send(changing(&body)).await;

    assert_eq!((got.status.as_u16(), got.header("etag")), (200, "\"2\""));
    assert_eq!(got.header("location"), "");
    let now = json!({
        "id": "00000000-0000-0000-0000-000000000003",
        "created_at": "2026-11-01T08:00:00.000000Z",
        "updated_at": "2026-11-20T12:00:00.000000Z",
        "archived_at": null,
        "version": 2,
    });
    assert_eq!(got.json(), changed(changed(whole_body(), now), body));
}

#[rstest]
#[case::unknown({
    let mut uow = FakeUnitOfWork::default();
    uow.customers.expect_find_for_update().returning(|_, _| Ok(None));
    uow
}, 404, "not_found", "there is no customer 00000000-0000-0000-0000-000000000003")]
#[case::archived(
    FakeUnitOfWork::default().with_customer(archived()), 404, "not_found", "the customer is archived"
)]
#[case::external_id_taken(
    updating(Written::AlreadyThere),
    409,
    "already_exists",
    "another customer has this external id"
)]
#[actix_web::test]
async fn a_customer_that_cannot_be_changed_is_refused(
    #[case] uow: FakeUnitOfWork,
    #[case] status: u16,
    #[case] code: &str,
    #[case] detail: &str,
) {
    let got = Bench::new().over(uow).send(changing(&json!({}))).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
    assert_eq!(got.json()["detail"], detail);
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let mut uow = FakeUnitOfWork::default();
    let find = uow.customers.expect_find_for_update();
    find.returning(|_, _| out_of_reach());

    let got = Bench::new().over(uow).send(changing(&json!({}))).await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
    assert_eq!(got.header("retry-after"), "1");
}

#[rstest]
#[case::seen("\"1\"", 200, "")]
#[case::one_of_several("\"7\", \"1\"", 200, "")]
#[case::any("*", 200, "")]
#[case::older("\"7\"", 412, "version_conflict")]
#[case::weak("W/\"1\"", 412, "version_conflict")]
#[case::malformed("1", 400, "invalid_header")]
#[actix_web::test]
async fn only_a_seen_version_is_changed(
    #[case] tag: &str,
    #[case] status: u16,
    #[case] code: &str,
) {
    let mut uow = updating(Written::Stored);
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    let request = changing(&json!({})).insert_header(("if-match", tag));

    let got = Bench::new().over(uow).send(request).await;

    assert_eq!(got.status.as_u16(), status);
    assert_eq!(got.json()["code"].as_str().unwrap_or_default(), code);
}
