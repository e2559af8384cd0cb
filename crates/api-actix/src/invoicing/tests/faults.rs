//! Bodies that are refused, by POST and PATCH alike.

use actix_web::test::TestRequest;
use rstest::rstest;
use serde_json::{Value, json};

use super::{INVOICES, new_invoice, patching, path, posting, stepping};
use crate::testing::{Bench, with_body};

fn many_lines() -> Value {
    let line = new_invoice()["items"][0].clone();
    vec![line; 1_001].into()
}

/// A line with this field changed, or without it.
fn line(field: &str, value: Value) -> Value {
    let mut line = new_invoice()["items"][0].clone();
    line[field] = value;
    json!({ "items": [line] })
}

#[rstest]
#[case::number_empty(json!({"number": ""}), "/number", "empty")]
#[case::number_too_long(json!({"number": "9".repeat(51)}), "/number", "too_long")]
#[case::number_space(json!({"number": "a b"}), "/number", "invalid_format")]
#[case::number_number(json!({"number": 7}), "/number", "wrong_type")]
#[case::customer_text(json!({"customer": "Ada"}), "/customer", "wrong_type")]
#[case::customer_nameless(json!({"customer": {}}), "/customer/name", "required")]
#[case::customer_email(json!({"customer": {"name": "A", "email": "a"}}), "/customer/email", "invalid_format")]
#[case::customer_country(
    json!({"customer": {"name": "A", "address": {"country": "XX"}}}), "/customer/address/country", "unsupported_value"
)]
#[case::customer_tax_id(json!({"customer": {"name": "A", "tax_id": ""}}), "/customer/tax_id", "empty")]
#[case::customer_unknown(json!({"customer": {"name": "A", "currency": "EUR"}}), "/customer/currency", "unknown_field")]
#[case::currency(json!({"currency": "usd"}), "/currency", "unsupported_value")]
#[case::currency_historic(json!({"currency": "DEM"}), "/currency", "unsupported_value")]
#[case::items_null(json!({"items": null}), "/items", "required")]
#[case::items_object(json!({"items": {}}), "/items", "wrong_type")]
#[case::items_none(json!({"items": []}), "/items", "empty")]
#[case::items_many(json!({"items": many_lines()}), "/items", "too_long")]
#[case::line_text(json!({"items": ["work"]}), "/items/0", "wrong_type")]
#[case::line_unknown(line("price", 1.into()), "/items/0/price", "unknown_field")]
#[case::line_net(line("net_minor", 1.into()), "/items/0/net_minor", "unknown_field")]
#[case::description_null(line("description", Value::Null), "/items/0/description", "required")]
#[case::description_empty(line("description", " ".into()), "/items/0/description", "empty")]
#[case::description_long(line("description", "🧾".repeat(501).into()), "/items/0/description", "too_long")]
#[case::description_nul(line("description", "\0".into()), "/items/0/description", "forbidden_character")]
#[case::quantity_null(line("quantity", Value::Null), "/items/0/quantity", "required")]
#[case::quantity_zero(line("quantity", 0.into()), "/items/0/quantity", "out_of_range")]
#[case::quantity_negative(line("quantity", (-1).into()), "/items/0/quantity", "out_of_range")]
#[case::quantity_huge(line("quantity", 1_000_000_001.into()), "/items/0/quantity", "out_of_range")]
#[case::quantity_float(line("quantity", 2.5.into()), "/items/0/quantity", "wrong_type")]
#[case::quantity_fine(line("quantity", "0.0000001".into()), "/items/0/quantity", "invalid_format")]
#[case::price_null(
    line("unit_price_minor", Value::Null),
    "/items/0/unit_price_minor",
    "required"
)]
#[case::price_zero(line("unit_price_minor", 0.into()), "/items/0/unit_price_minor", "out_of_range")]
#[case::price_negative(line("unit_price_minor", (-1).into()), "/items/0/unit_price_minor", "out_of_range")]
#[case::price_inexact(
    line("unit_price_minor", 9_007_199_254_740_992_i64.into()), "/items/0/unit_price_minor", "out_of_range"
)]
#[case::price_huge(line("unit_price_minor", u64::MAX.into()), "/items/0/unit_price_minor", "out_of_range")]
#[case::price_float(line("unit_price_minor", 1.5.into()), "/items/0/unit_price_minor", "wrong_type")]
#[case::price_text(line("unit_price_minor", "1".into()), "/items/0/unit_price_minor", "wrong_type")]
#[case::rate_negative(line("tax_rate_bps", (-1).into()), "/items/0/tax_rate_bps", "out_of_range")]
#[case::rate_huge(line("tax_rate_bps", 10_001.into()), "/items/0/tax_rate_bps", "out_of_range")]
#[case::unit_case(line("unit", "hur".into()), "/items/0/unit", "invalid_format")]
#[case::unit_long(line("unit", "HOUR".into()), "/items/0/unit", "invalid_format")]
#[case::due_yesterday(json!({"due_date": "2026-11-19"}), "/due_date", "out_of_range")]
#[case::due_late(json!({"due_date": "2036-11-21"}), "/due_date", "out_of_range")]
#[case::due_form(json!({"due_date": "20.12.2026"}), "/due_date", "invalid_format")]
#[case::due_instant(json!({"due_date": "2026-12-20T00:00:00Z"}), "/due_date", "invalid_format")]
#[case::due_never(json!({"due_date": "2027-02-29"}), "/due_date", "invalid_format")]
#[case::due_number(json!({"due_date": 20_261_220}), "/due_date", "wrong_type")]
#[case::notes_long(json!({"notes": "n".repeat(2_001)}), "/notes", "too_long")]
#[case::notes_control(json!({"notes": "a\r\nb"}), "/notes", "forbidden_character")]
#[case::metadata(json!({"metadata": {"a": []}}), "/metadata/a", "wrong_type")]
#[case::read_only(json!({"total_minor": 1}), "/total_minor", "unknown_field")]
#[case::status(json!({"status": "sent"}), "/status", "unknown_field")]
#[actix_web::test]
async fn a_faulty_field_is_refused(#[case] body: Value, #[case] pointer: &str, #[case] code: &str) {
    let mut whole = new_invoice();
    for (name, value) in body.as_object().unwrap() {
        whole[name] = value.clone();
    }

    let posted = Bench::new().send(posting(&whole)).await;
    let patched = Bench::new().send(patching(&body)).await;

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

#[rstest]
#[case::neither(json!({}), &[("/customer", "required")])]
#[case::both_null(json!({"customer": null, "customer_id": null}), &[("/customer", "required")])]
#[case::both(
    json!({"customer": {"name": "A"}, "customer_id": "00000000-0000-0000-0000-000000000003"}),
    &[("/customer", "conflict")]
)]
#[case::both_and_one_wrong(
    json!({"customer": {"name": ""}, "customer_id": "00000000-0000-0000-0000-000000000003"}),
    &[("/customer/name", "empty"), ("/customer", "conflict")]
)]
#[case::no_uuid(json!({"customer_id": "3"}), &[("/customer_id", "invalid_format")])]
#[case::a_number(json!({"customer_id": 3}), &[("/customer_id", "wrong_type")])]
#[actix_web::test]
async fn exactly_one_customer_is_named(#[case] named: Value, #[case] faults: &[(&str, &str)]) {
    let mut body = json!({"items": new_invoice()["items"]});
    for (name, value) in named.as_object().unwrap() {
        body[name] = value.clone();
    }

    let got = Bench::new().send(posting(&body)).await;

    let faults: Vec<_> = faults
        .iter()
        .map(|(place, code)| ((*place).to_owned(), (*code).to_owned()))
        .collect();
    assert_eq!(got.faults(), faults);
}

#[rstest]
#[case("customer_id")]
#[case("customer")]
#[case("currency")]
#[case("items")]
#[case("due_date")]
#[case("metadata")]
#[actix_web::test]
async fn what_an_invoice_must_have_cannot_be_taken_away(#[case] field: &str) {
    let got = Bench::new().send(patching(&json!({field: null}))).await;

    let expected = (format!("/{field}"), "required".to_owned());
    assert_eq!(got.faults(), [expected]);
    assert_eq!(got.json()["errors"][0]["message"], "must not be null");
}

#[actix_web::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let body = r#"{
        "number": "a b", "currency": "XXX", "due_date": "2020-01-01", "notes": 1, "metadata": [], "id": "x",
        "items": [
            {"quantity": 0, "unit_price_minor": -1, "tax_rate_bps": 10001, "unit": "", "unit": "C62"},
            7,
            {"description": "", "quantity": "x", "unit_price_minor": 1e3, "discount": 5}
        ]
    }"#;
    let request = TestRequest::post()
        .uri(&format!("{INVOICES}?dry_run=true"))
        .insert_header(("content-type", "application/json"))
        .set_payload(body);

    let got = Bench::new().send(request).await;

    let expected = [
        ("/items/0/unit", "duplicate_field"),
        ("/customer", "required"),
        ("/number", "invalid_format"),
        ("/currency", "unsupported_value"),
        ("/items/0/description", "required"),
        ("/items/0/quantity", "out_of_range"),
        ("/items/0/unit_price_minor", "out_of_range"),
        ("/items/0/tax_rate_bps", "out_of_range"),
        ("/items/0/unit", "invalid_format"),
        ("/items/1", "wrong_type"),
        ("/items/2/description", "empty"),
        ("/items/2/quantity", "invalid_format"),
        ("/items/2/unit_price_minor", "wrong_type"),
        ("/items/2/discount", "unknown_field"),
        ("/due_date", "out_of_range"),
        ("/notes", "wrong_type"),
        ("/metadata", "wrong_type"),
        ("/id", "unknown_field"),
        ("dry_run", "unknown_parameter"),
    ];
    let expected = expected.map(|(place, code)| (place.to_owned(), code.to_owned()));
    assert_eq!(got.faults(), expected);
}

#[rstest]
#[case::missing(json!({}), "/status", "required")]
#[case::null(json!({"status": null}), "/status", "required")]
#[case::number(json!({"status": 1}), "/status", "wrong_type")]
#[case::unknown(json!({"status": "archived"}), "/status", "unsupported_value")]
#[case::case(json!({"status": "Sent"}), "/status", "unsupported_value")]
#[case::more(json!({"status": "sent", "number": "1"}), "/number", "unknown_field")]
#[actix_web::test]
async fn a_step_is_one_of_the_words(
    #[case] body: Value,
    #[case] pointer: &str,
    #[case] code: &str,
) {
    let request = TestRequest::patch().uri(&format!("{}/status", path()));

    let got = Bench::new().send(with_body(request, &body)).await;

    assert_eq!(got.status.as_u16(), 400);
    assert_eq!(got.faults(), [(pointer.to_owned(), code.to_owned())]);
}

#[rstest]
#[case::edit(patching(&json!({})).uri("/api/v1/invoices/7"))]
#[case::step(stepping("sent").uri("/api/v1/invoices/7/status"))]
#[case::delete(TestRequest::delete().uri("/api/v1/invoices/7"))]
#[case::get(TestRequest::get().uri("/api/v1/invoices/7"))]
#[case::events(TestRequest::get().uri("/api/v1/invoices/7/events"))]
#[actix_web::test]
async fn an_id_is_a_uuid(#[case] request: TestRequest) {
    let got = Bench::new().send(request).await;

    assert_eq!(got.problem(), (400, "invalid_parameter".to_owned()));
    assert_eq!(
        got.faults(),
        [("id".to_owned(), "invalid_format".to_owned())]
    );
}
