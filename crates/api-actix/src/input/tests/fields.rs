#![expect(
    clippy::option_option,
    reason = "faulty, absent and there are three different things to a reader"
)]

use std::cell::RefCell;

use domain::values::{InvalidValue, Metadata, Name};
use rstest::rstest;

use super::super::{
    Fields, Json, Value,
    readers::{
        decimal, id, instant, integer, list, metadata, object, parse_date, parse_instant, text,
    },
};
use crate::problem::{FaultBody, Faults};

/// Reads `{"it": …}`, and tells what was noted: `pointer code`.
fn reading<T>(
    body: &str,
    read: impl FnOnce(&mut Fields<'_>) -> Option<T>,
) -> (Option<T>, Vec<String>) {
    let faults = RefCell::new(Faults::default());
    let json = Json::parse(body, &faults).unwrap();
    let value = Value::root(&json, &faults).object(read);
    (value, noted(faults))
}

fn noted(faults: RefCell<Faults>) -> Vec<String> {
    let Some(problem) = faults.into_inner().into_refusal() else {
        return Vec::new();
    };
    let line = |fault| {
        let body = FaultBody::from(fault);
        format!("{} {}", body.pointer.unwrap_or_default(), body.code)
    };
    problem.faults().iter().map(line).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "the form of a check")]
fn any(number: i64) -> Result<i64, InvalidValue> {
    Ok(number)
}

#[rstest]
#[case::value(r#"{"it": "a"}"#, Ok("a"))]
#[case::absent("{}", Err("/it required"))]
#[case::null(r#"{"it": null}"#, Err("/it required"))]
#[case::wrong_type(r#"{"it": 1}"#, Err("/it wrong_type"))]
#[case::refused(r#"{"it": " "}"#, Err("/it empty"))]
fn required_fields_are_there(#[case] body: &str, #[case] expected: Result<&str, &str>) {
    let (value, faults) = reading(body, |fields| fields.required("it", text(Name::parse)));

    let value = value.as_ref().map(Name::as_str);
    assert_eq!(
        value.ok_or(faults.first().map_or("", String::as_str)),
        expected
    );
}

#[rstest]
#[case::value(r#"{"it": 7}"#, Some(Some(7)))]
#[case::absent("{}", Some(None))]
#[case::null(r#"{"it": null}"#, Some(None))]
#[case::wrong_type(r#"{"it": true}"#, None)]
fn optional_fields_may_be_missing(#[case] body: &str, #[case] expected: Option<Option<i64>>) {
    let (value, faults) = reading(body, |fields| fields.optional("it", integer(any)));

    assert_eq!(value, expected);
    assert_eq!(faults.is_empty(), expected.is_some());
}

#[rstest]
#[case::value(r#"{"it": 7}"#, Some(Some(Some(7))))]
#[case::absent("{}", Some(None))]
#[case::null(r#"{"it": null}"#, Some(Some(None)))]
#[case::wrong_type(r#"{"it": {}}"#, None)]
fn changes_keep_clear_or_set(#[case] body: &str, #[case] expected: Option<Option<Option<i64>>>) {
    let (value, _) = reading(body, |fields| fields.clearable("it", integer(any)));

    assert_eq!(value, expected);
}

#[rstest]
#[case::value(r#"{"it": 7}"#, Some(Some(7)))]
#[case::absent("{}", Some(None))]
#[case::null(r#"{"it": null}"#, None)]
fn some_changes_cannot_clear(#[case] body: &str, #[case] expected: Option<Option<i64>>) {
    let (value, faults) = reading(body, |fields| fields.change("it", integer(any)));

    assert_eq!(value, expected);
    assert_eq!(faults == ["/it required"], expected.is_none());
}

#[rstest]
#[case("0", Ok(0))]
#[case("-0", Ok(0))]
#[case("9223372036854775807", Ok(i64::MAX))]
#[case("-9223372036854775808", Ok(i64::MIN))]
#[case("9223372036854775808", Err("/it out_of_range"))]
#[case("-9223372036854775809", Err("/it out_of_range"))]
#[case("18446744073709551616", Err("/it out_of_range"))]
#[case("1.0", Err("/it wrong_type"))]
#[case("1e3", Err("/it wrong_type"))]
#[case("1.5", Err("/it wrong_type"))]
#[case("\"1\"", Err("/it wrong_type"))]
#[case("[]", Err("/it wrong_type"))]
fn whole_numbers_are_exact(#[case] raw: &str, #[case] expected: Result<i64, &str>) {
    let body = format!("{{\"it\": {raw}}}");

    let (value, faults) = reading(&body, |fields| fields.required("it", integer(any)));

    assert_eq!(
        value.ok_or(faults.first().map_or("", String::as_str)),
        expected
    );
}

#[rstest]
#[case("2", Some("2"))]
#[case("\"2.5\"", Some("2.5"))]
#[case("2.5", None)]
#[case("true", None)]
fn decimals_are_whole_numbers_or_strings(#[case] raw: &str, #[case] expected: Option<&str>) {
    let body = format!("{{\"it\": {raw}}}");

    let read = decimal(|text: &str| Ok(text.to_owned()));
    let (value, _) = reading(&body, |fields| fields.required("it", read));

    assert_eq!(value.as_deref(), expected);
}

#[test]
fn all_items_are_read_even_after_a_fault() {
    let body = r#"{"it": [{"n": 1}, {"m": 2}, {"n": "x"}, 4]}"#;

    let item = |value: Value<'_>| value.object(|fields| fields.required("n", integer(any)));
    let (value, faults) = reading(body, |fields| fields.required("it", list(item)));

    assert_eq!(value, None);
    let expected = [
        "/it/1/n required",
        "/it/1/m unknown_field",
        "/it/2/n wrong_type",
        "/it/3 wrong_type",
    ];
    assert_eq!(faults, expected);
}

#[test]
fn nested_objects_know_their_place() {
    let body = r#"{"it": {"is": {"deep": 1, "more": 2}}}"#;

    let inner = |fields: &mut Fields<'_>| fields.required("deep", instant);
    let outer = |fields: &mut Fields<'_>| fields.required("is", object(inner));
    let (_, faults) = reading(body, |fields| fields.required("it", object(outer)));

    assert_eq!(
        faults,
        ["/it/is/deep wrong_type", "/it/is/more unknown_field"]
    );
}

#[test]
fn duplicates_are_found_at_any_depth() {
    let faults = RefCell::new(Faults::default());

    Json::parse(
        r#"{"a": [{"b": 1, "b": {"c": 1, "c": 2}}], "a": 2}"#,
        &faults,
    )
    .unwrap();

    let expected = [
        "/a/0/b/c duplicate_field",
        "/a/0/b duplicate_field",
        "/a duplicate_field",
    ];
    assert_eq!(noted(faults), expected);
}

#[rstest]
#[case(
    r#"{"b": [1, true, null], "a": "\u00e4"}"#,
    r#"{"a":"ä","b":[1,true,null]}"#
)]
#[case(" {\n\"a\" : {} } ", r#"{"a":{}}"#)]
fn canonical_documents_are_equal_for_equal_documents(#[case] body: &str, #[case] expected: &str) {
    let json = Json::parse(body, &RefCell::default()).unwrap();

    assert_eq!(json.canonical(), expected.as_bytes());
}

#[rstest]
#[case(r#"{"it": {"a": "1", "b": ""}}"#, &[])]
#[case(r#"{"it": {"a": 1, "": "x"}}"#, &["/it/ empty", "/it/a wrong_type"])]
#[case(r#"{"it": []}"#, &["/it wrong_type"])]
fn metadata_is_strings(#[case] body: &str, #[case] expected: &[&str]) {
    let (value, faults) = reading(body, |fields| fields.required("it", metadata));

    assert_eq!(faults, expected);
    assert_eq!(value.is_some(), expected.is_empty());
    assert_ne!(value, Some(Metadata::default()));
}

#[rstest]
#[case("2026-11-20T13:02:11Z", Some("2026-11-20T13:02:11Z"))]
#[case("2026-11-20T13:02:11.123456789Z", Some("2026-11-20T13:02:11.123456Z"))]
#[case("2026-11-20t14:02:11+01:00", Some("2026-11-20T13:02:11Z"))]
#[case("2026-11-20T13:02:11+23:59", Some("2026-11-19T13:03:11Z"))]
#[case("2026-11-20T13:02:11+24:00", None)]
#[case("2026-11-20T13:02Z", None)]
#[case("2026-11-20 13:02:11Z", None)]
#[case("2026-11-20T13:02:11", None)]
#[case("2026-11-20T13:02:11+01", None)]
#[case("2026-11-20T13:02:11Z[UTC]", None)]
#[case("2026-02-30T13:02:11Z", None)]
#[case("2026-11-20", None)]
#[case("", None)]
fn instants_are_rfc_3339(#[case] raw: &str, #[case] expected: Option<&str>) {
    let read = parse_instant(raw).ok().map(|instant| instant.to_string());

    assert_eq!(read.as_deref(), expected);
}

#[rstest]
#[case("2026-11-20", true)]
#[case("2028-02-29", true)]
#[case("2026-02-29", false)]
#[case("20261120", false)]
#[case("2026-11-20T00:00:00", false)]
#[case("2026-1-2", false)]
#[case("-009999-01-01", false)]
fn dates_have_one_form(#[case] raw: &str, #[case] is_date: bool) {
    assert_eq!(parse_date(raw).is_ok(), is_date);
}

#[rstest]
#[case("01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23", true)]
#[case("01936F8A-5B1E-7C3D-9A4F-2B6C8D0E1F23", false)]
#[case("01936f8a5b1e7c3d9a4f2b6c8d0e1f23", false)]
#[case("{01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23}", false)]
fn ids_have_one_form(#[case] raw: &str, #[case] is_id: bool) {
    let body = format!("{{\"it\": \"{raw}\"}}");

    let (value, _) = reading(&body, |fields| fields.required("it", id(|uuid| uuid)));

    assert_eq!(value.is_some(), is_id);
}

#[test]
fn an_instant_of_a_body_is_read_like_any_other() {
    let body = r#"{"it": "2026-11-20T13:02:11Z"}"#;

    let (value, _) = reading(body, |fields| fields.required("it", instant));

    assert!(value.is_some());
}
