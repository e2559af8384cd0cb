use actix_web::test::TestRequest;
use rstest::rstest;

use crate::testing::Bench;

const KEYS: &str = "/api/v1/api-keys";

fn posting(body: impl Into<Vec<u8>>) -> TestRequest {
    TestRequest::post()
        .uri(KEYS)
        .insert_header(("content-type", "application/json"))
        .set_payload(body.into())
}

#[rstest]
#[case::empty("", "malformed_json")]
#[case::cut_off("{\"name\": ", "malformed_json")]
#[case::trailing("{} {}", "malformed_json")]
#[case::trailing_comma("{\"name\": \"a\",}", "malformed_json")]
#[case::comment("{} // no", "malformed_json")]
#[case::lone_surrogate("{\"name\": \"\\ud800\"}", "malformed_json")]
#[case::nan("{\"name\": NaN}", "malformed_json")]
#[case::bom("\u{feff}{}", "malformed_json")]
#[case::duplicate("{\"name\": \"a\", \"name\": \"b\"}", "duplicate_field")]
#[case::unknown("{\"nmae\": \"a\"}", "unknown_field")]
#[case::array("[]", "validation_failed")]
#[case::null("null", "validation_failed")]
#[case::string("\"x\"", "validation_failed")]
#[case::missing("{}", "validation_failed")]
#[actix_web::test]
async fn bodies_that_are_not_right_are_told_so(#[case] body: &str, #[case] code: &str) {
    let got = Bench::new().send(posting(body)).await;

    assert_eq!(got.problem(), (400, code.to_owned()));
}

#[actix_web::test]
async fn text_that_is_not_utf_8_is_malformed() {
    let got = Bench::new().send(posting(b"{\"name\": \"\xff\"}")).await;

    assert_eq!(got.problem(), (400, "malformed_json".to_owned()));
}

#[rstest]
#[case::at_the_limit(64, "unknown_field")]
#[case::beyond(65, "malformed_json")]
#[actix_web::test]
async fn nesting_ends_at_64_levels(#[case] depth: usize, #[case] code: &str) {
    let inner = depth - 1;
    let body = format!("{{\"x\": {}{}}}", "[".repeat(inner), "]".repeat(inner));

    let got = Bench::new().send(posting(body)).await;

    assert_eq!(got.problem(), (400, code.to_owned()));
}

#[rstest]
#[case::plain("application/json", 400)]
#[case::in_capitals("Application/JSON; Charset=\"UTF-8\"", 400)]
#[case::suffix("application/problem+json", 415)]
#[case::text("text/plain", 415)]
#[case::form("application/x-www-form-urlencoded", 415)]
#[case::other_charset("application/json; charset=latin1", 415)]
#[case::other_parameter("application/json; version=2", 415)]
#[actix_web::test]
async fn bodies_are_json(#[case] content_type: &str, #[case] status: u16) {
    let request = posting("{}").insert_header(("content-type", content_type));

    let got = Bench::new().send(request).await;

    assert_eq!(got.problem().0, status);
}

#[rstest]
#[case::identity("identity", 400)]
#[case::gzip("gzip", 415)]
#[actix_web::test]
async fn bodies_are_not_encoded(#[case] encoding: &str, #[case] status: u16) {
    let request = posting("{}").insert_header(("content-encoding", encoding));

    let got = Bench::new().send(request).await;

    assert_eq!(got.problem().0, status);
}

#[actix_web::test]
async fn a_body_without_a_type_is_not_guessed_at() {
    let request = TestRequest::post().uri(KEYS).set_payload("{}");

    let got = Bench::new().send(request).await;

    assert_eq!(got.problem(), (415, "unsupported_media_type".to_owned()));
}

#[rstest]
#[case::at_the_limit(1024 * 1024, 400, "malformed_json")]
#[case::beyond(1024 * 1024 + 1, 413, "body_too_large")]
#[actix_web::test]
async fn bodies_end_at_one_mebibyte(
    #[case] length: usize,
    #[case] status: u16,
    #[case] code: &str,
) {
    let got = Bench::new().send(posting(vec![b' '; length])).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
}

#[actix_web::test]
async fn a_body_that_is_announced_too_large_is_not_read() {
    let request = posting("{}").insert_header(("content-length", "1048577"));

    let got = Bench::new().send(request).await;

    assert_eq!(got.problem(), (413, "body_too_large".to_owned()));
}

#[actix_web::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let body = r#"{"name": "", "scopes": ["*", "all", 1], "expires_at": "soon", "x": 1, "a/b": 2}"#;
    let request = posting(body)
        .uri("/api/v1/api-keys?page=1&page=2")
        .insert_header(("idempotency-key", "ä"))
        .insert_header(("if-none-match", "1"));

    let got = Bench::new().send(request).await;

    assert_eq!(got.problem(), (400, "unknown_field".to_owned()));
    let expected = [
        ("/name", "empty"),
        ("/scopes/1", "unsupported_value"),
        ("/scopes/2", "wrong_type"),
        ("/expires_at", "invalid_format"),
        ("/a~1b", "unknown_field"),
        ("/x", "unknown_field"),
        ("page", "unknown_parameter"),
        ("page", "unknown_parameter"),
        ("If-None-Match", "invalid_format"),
        ("Idempotency-Key", "invalid_format"),
    ];
    let expected = expected.map(|(place, code)| (place.to_owned(), code.to_owned()));
    assert_eq!(got.faults(), expected);
}

#[actix_web::test]
async fn a_flood_of_faults_is_counted_but_not_listed() {
    let fields: Vec<_> = (0..1_500).map(|n| format!("\"x{n}\": 0")).collect();

    let got = Bench::new()
        .send(posting(format!("{{{}}}", fields.join(","))))
        .await;

    assert_eq!(got.faults().len(), 1_000);
    let detail = "1502 faults, of which errors lists the first 1000";
    assert_eq!(got.json()["detail"], detail);
}
