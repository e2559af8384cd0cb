//! What the contract says of the body of a payment is what the service makes of it.

use actix_web::test::TestRequest;
use jsonschema::Validator;
use rstest::rstest;
use serde_json::{Value, json};

use crate::testing::{Bench, with_body};

const ACCOUNT: &str = "00000000-0000-0000-0000-000000000001";
const OTHER: &str = "00000000-0000-0000-0000-000000000002";

fn internal() -> Value {
    json!({
        "payment_type": "internal_transfer",
        "source_account_id": ACCOUNT,
        "destination_account_id": OTHER,
        "amount_minor": 100,
        "currency": "USD",
    })
}

fn payout() -> Value {
    json!({
        "payment_type": "external_payment",
        "direction": "payout",
        "provider": "simulator",
        "source_account_id": ACCOUNT,
        "amount_minor": 100,
        "currency": "USD",
    })
}

fn charge() -> Value {
    json!({
        "payment_type": "external_payment",
        "direction": "charge",
        "provider": "simulator",
        "destination_account_id": ACCOUNT,
        "amount_minor": 100,
        "currency": "USD",
    })
}

/// The same with other fields; what is `null` is taken away.
fn but(mut body: Value, changes: Value) -> Value {
    let fields = body.as_object_mut().unwrap();
    let Value::Object(changes) = changes else {
        panic!("fields: {changes}");
    };
    for (name, value) in changes {
        if value.is_null() {
            fields.remove(&name);
        } else {
            fields.insert(name, value);
        }
    }
    body
}

/// What the contract takes for the body of a payment.
fn contract() -> Validator {
    let document = serde_json::to_value(crate::openapi()).unwrap();
    let schema = json!({
        "$ref": "#/components/schemas/NewPayment",
        "components": document["components"],
    });
    jsonschema::validator_for(&schema).unwrap()
}

/// Where and why the service refuses a body before it looks at any rule; it comes no further without a key.
async fn faults(body: &Value) -> Vec<(String, String)> {
    faults_at("/api/v1/payments", body).await
}

async fn faults_at(path: &str, body: &Value) -> Vec<(String, String)> {
    let request = TestRequest::post().uri(path);
    let got = Bench::new().send(with_body(request, body)).await;
    assert_eq!(got.status.as_u16(), 400, "{body}");
    let mut faults = got.faults();
    faults.sort();
    faults
}

#[rstest]
#[case::between_two_accounts(internal())]
#[case::out(payout())]
#[case::into(charge())]
#[case::into_by_another_name(but(charge(), json!({"destination_account_id": null, "source_account_id": ACCOUNT})))]
#[case::with_data(but(payout(), json!({"provider_data": {"bank": "x"}})))]
#[case::for_an_invoice(but(charge(), json!({"invoice_id": OTHER, "description": "Tea", "metadata": {"a": "b"}})))]
#[tokio::test]
async fn what_the_contract_takes_is_taken(#[case] body: Value) {
    let found: Vec<_> = contract()
        .iter_errors(&body)
        .map(|it| it.to_string())
        .collect();

    assert_eq!(found, [""; 0], "{body}");
    assert_eq!(faults(&body).await, [], "{body}");
}

#[rstest]
#[case::no_sort(but(payout(), json!({"payment_type": null})), &[("/payment_type", "required")])]
#[case::an_unknown_sort(but(payout(), json!({"payment_type": "card"})), &[("/payment_type", "unsupported_value")])]
#[case::from_nobody(but(internal(), json!({"source_account_id": null})), &[("/source_account_id", "required")])]
#[case::to_nobody(but(internal(), json!({"destination_account_id": null})), &[("/destination_account_id", "required")])]
#[case::internal_through_a_provider(
    but(internal(), json!({"provider": "simulator", "direction": "charge", "provider_data": {}})),
    &[("/direction", "not_applicable"), ("/provider", "not_applicable"), ("/provider_data", "not_applicable")]
)]
#[case::through_nobody(but(payout(), json!({"provider": null})), &[("/provider", "required")])]
#[case::no_direction(but(payout(), json!({"direction": null})), &[("/direction", "required")])]
#[case::an_unknown_direction(but(payout(), json!({"direction": "in"})), &[("/direction", "unsupported_value")])]
#[case::a_payout_from_nobody(but(payout(), json!({"source_account_id": null})), &[("/source_account_id", "required")])]
#[case::a_payout_to_an_account(
    but(payout(), json!({"destination_account_id": OTHER})),
    &[("/destination_account_id", "not_applicable")]
)]
#[case::a_charge_to_nobody(
    but(charge(), json!({"destination_account_id": null})),
    &[("/destination_account_id", "required")]
)]
#[case::a_charge_of_two_accounts(
    but(charge(), json!({"source_account_id": OTHER})),
    &[("/source_account_id", "not_applicable")]
)]
#[case::of_nothing(but(charge(), json!({"amount_minor": 0})), &[("/amount_minor", "out_of_range")])]
#[case::beyond_all_bounds(but(charge(), json!({"amount_minor": 9_007_199_254_740_992_i64})), &[("/amount_minor", "out_of_range")])]
#[case::in_no_currency(but(charge(), json!({"currency": null})), &[("/currency", "required")])]
#[case::a_field_too_many(but(internal(), json!({"cvc": "123"})), &[("/cvc", "unknown_field")])]
#[tokio::test]
async fn what_the_contract_refuses_is_refused(
    #[case] body: Value,
    #[case] expected: &[(&str, &str)],
) {
    let is_valid = contract().is_valid(&body);
    let found = faults(&body).await;

    assert!(!is_valid, "{body}");
    let expected: Vec<_> = expected
        .iter()
        .map(|(place, code)| ((*place).to_owned(), (*code).to_owned()))
        .collect();
    assert_eq!(found, expected, "{body}");
}

/// Nothing is known of cards in a schema.
#[rstest]
#[case::in_the_description(but(charge(), json!({"description": "4242 4242 4242 4242"})), "/description")]
#[case::in_the_data(but(charge(), json!({"provider_data": {"card": "4242424242424242"}})), "/provider_data/card")]
#[case::in_the_notes(but(charge(), json!({"metadata": {"card": "4242-4242-4242-4242"}})), "/metadata/card")]
#[case::as_a_name(but(charge(), json!({"provider_data": {"4242424242424242": "x"}})), "/provider_data/4242424242424242")]
#[case::as_a_name_of_a_note(but(charge(), json!({"metadata": {"4242424242424242": "x"}})), "/metadata/4242424242424242")]
#[tokio::test]
async fn a_card_is_refused_wherever_it_stands(#[case] body: Value, #[case] place: &str) {
    let found = faults(&body).await;

    assert_eq!(found, [(place.to_owned(), "card_number".to_owned())]);
}

#[rstest]
#[case::in_the_reason(json!({"reason": "back to 4242 4242 4242 4242"}), "/reason")]
#[case::in_the_notes(json!({"metadata": {"card": "4242-4242-4242-4242"}}), "/metadata/card")]
#[tokio::test]
async fn a_card_is_refused_wherever_it_stands_in_a_refund(
    #[case] body: Value,
    #[case] place: &str,
    #[values("refunds", "refund")] name: &str,
) {
    let found = faults_at(&format!("/api/v1/payments/{ACCOUNT}/{name}"), &body).await;

    assert_eq!(found, [(place.to_owned(), "card_number".to_owned())]);
}
