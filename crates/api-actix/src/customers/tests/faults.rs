//! Bodies that are refused, by POST and PATCH alike.

use actix_web::test::TestRequest;
use rstest::rstest;
use serde_json::{Value, json};

use super::{CUSTOMERS, path};
use crate::testing::{Bench, Got, with_body};

async fn posting(body: &Value) -> Got {
    let request = TestRequest::post().uri(CUSTOMERS);
    Bench::new().send(with_body(request, body)).await
}

async fn patching(body: &Value) -> Got {
    let request = TestRequest::patch().uri(&path());
    Bench::new().send(with_body(request, body)).await
}

fn many_entries() -> Value {
    (0..21)
        .map(|n| (format!("k{n:02}"), Value::from("v")))
        .collect()
}

#[rstest]
#[case::name_null(json!({"name": null}), "/name", "required")]
#[case::name_number(json!({"name": 1}), "/name", "wrong_type")]
#[case::name_empty(json!({"name": " "}), "/name", "empty")]
#[case::name_too_long(json!({"name": "🧾".repeat(256)}), "/name", "too_long")]
#[case::name_control(json!({"name": "a\u{0}b"}), "/name", "forbidden_character")]
#[case::name_newline(json!({"name": "a\nb"}), "/name", "forbidden_character")]
#[case::name_override(json!({"name": "a\u{202e}b"}), "/name", "forbidden_character")]
#[case::email_number(json!({"email": 1}), "/email", "wrong_type")]
#[case::email_empty(json!({"email": ""}), "/email", "empty")]
#[case::email_form(json!({"email": "ada"}), "/email", "invalid_format")]
#[case::email_list(json!({"email": "a@b.example, c@d.example"}), "/email", "invalid_format")]
#[case::email_too_long(json!({"email": format!("a@{}.example", "b".repeat(250))}), "/email", "too_long")]
#[case::address_text(json!({"address": "London"}), "/address", "wrong_type")]
#[case::address_no_country(json!({"address": {"city": "London"}}), "/address/country", "required")]
#[case::address_country(json!({"address": {"country": "gb"}}), "/address/country", "unsupported_value")]
#[case::address_line(json!({"address": {"country": "GB", "line1": ""}}), "/address/line1", "empty")]
#[case::address_city(json!({"address": {"country": "GB", "city": 1}}), "/address/city", "wrong_type")]
#[case::address_unknown(json!({"address": {"country": "GB", "zip": "1"}}), "/address/zip", "unknown_field")]
#[case::tax_id_empty(json!({"tax_id": ""}), "/tax_id", "empty")]
#[case::tax_id_too_long(json!({"tax_id": "x".repeat(51)}), "/tax_id", "too_long")]
#[case::currency_case(json!({"currency": "usd"}), "/currency", "unsupported_value")]
#[case::currency_no_money(json!({"currency": "XXX"}), "/currency", "unsupported_value")]
#[case::currency_number(json!({"currency": 840}), "/currency", "wrong_type")]
#[case::external_id_empty(json!({"external_id": ""}), "/external_id", "empty")]
#[case::external_id_number(json!({"external_id": 4711}), "/external_id", "wrong_type")]
#[case::metadata_list(json!({"metadata": []}), "/metadata", "wrong_type")]
#[case::metadata_number(json!({"metadata": {"a": 1}}), "/metadata/a", "wrong_type")]
#[case::metadata_null(json!({"metadata": {"a": null}}), "/metadata/a", "wrong_type")]
#[case::metadata_key(json!({"metadata": {"k".repeat(41): "v"}}), &format!("/metadata/{}", "k".repeat(41)), "too_long")]
#[case::metadata_value(json!({"metadata": {"a": "v".repeat(501)}}), "/metadata/a", "too_long")]
#[case::metadata_entries(json!({"metadata": many_entries()}), "/metadata/k20", "too_long")]
#[case::read_only(json!({"version": 1}), "/version", "unknown_field")]
#[case::misspelt(json!({"e_mail": "ada@example.com"}), "/e_mail", "unknown_field")]
#[actix_web::test]
async fn a_faulty_field_is_refused(#[case] body: Value, #[case] pointer: &str, #[case] code: &str) {
    let mut whole = body.clone();
    if whole.get("name").is_none() {
        whole["name"] = "Ada".into();
    }

    let (posted, patched) = (posting(&whole).await, patching(&body).await);

    let kind = match code {
        "unknown_field" => code,
        _ => "validation_failed",
    };
    let faults = [(pointer.to_owned(), code.to_owned())];
    for got in [posted, patched] {
        assert_eq!(got.problem(), (400, kind.to_owned()));
        assert_eq!(got.faults(), faults);
    }
}

#[actix_web::test]
async fn a_customer_has_a_name() {
    let got = posting(&json!({})).await;

    assert_eq!(got.faults(), [("/name".to_owned(), "required".to_owned())]);
}

#[actix_web::test]
async fn metadata_can_be_emptied_but_not_taken_away() {
    let got = patching(&json!({"metadata": null})).await;

    let expected = ("/metadata".to_owned(), "required".to_owned());
    assert_eq!(got.faults(), [expected]);
    assert_eq!(got.json()["errors"][0]["message"], "must not be null");
}

#[actix_web::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let body = r#"{
        "email": "ada", "address": {"line2": "", "zip": 1}, "tax_id": 1, "tax_id": 2, "currency": "",
        "external_id": "a\u0007", "metadata": {"a": 1, "b": true}, "id": null
    }"#;
    let request = TestRequest::post()
        .uri(CUSTOMERS)
        .insert_header(("content-type", "application/json"))
        .set_payload(body);

    let got = Bench::new().send(request).await;

    let expected = [
        ("/tax_id", "duplicate_field"),
        ("/name", "required"),
        ("/email", "invalid_format"),
        ("/address/line2", "empty"),
        ("/address/country", "required"),
        ("/address/zip", "unknown_field"),
        ("/tax_id", "wrong_type"),
        ("/currency", "unsupported_value"),
        ("/external_id", "forbidden_character"),
        ("/metadata/a", "wrong_type"),
        ("/metadata/b", "wrong_type"),
        ("/id", "unknown_field"),
    ];
    let expected = expected.map(|(place, code)| (place.to_owned(), code.to_owned()));
    assert_eq!(got.faults(), expected);
}
