use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use rstest::rstest;

use super::{ORGANIZATION_PATH, finding_organization, organization};
use crate::{AllowedOrigins, testing::Bench};

fn preflight() -> TestRequest {
    TestRequest::with_uri(ORGANIZATION_PATH)
        .method(Method::OPTIONS)
        .insert_header(("origin", "https://shop.example"))
        .insert_header(("access-control-request-method", "PATCH"))
}

fn with_origins(origins: &[&str]) -> Bench {
    let origins = AllowedOrigins::parse(origins.iter().copied()).unwrap();
    finding_organization().with(|parts| parts.settings.allowed_origins = origins)
}

#[actix_web::test]
async fn a_listed_origin_is_told_what_it_may_ask() {
    let got = with_origins(&["https://shop.example"])
        .send_as_is(preflight())
        .await;

    assert_eq!(got.status, StatusCode::NO_CONTENT);
    assert_eq!(
        got.header("access-control-allow-origin"),
        "https://shop.example"
    );
    assert_eq!(
        got.header("access-control-allow-methods"),
        "GET, HEAD, PATCH"
    );
}

#[rstest]
#[case::listed(&["https://shop.example"], "https://shop.example")]
#[case::another(&["https://other.example"], "")]
#[case::off(&[], "")]
#[actix_web::test]
async fn only_listed_origins_may_read_answers(#[case] origins: &[&str], #[case] allowed: &str) {
    let request = organization().insert_header(("origin", "https://shop.example"));

    let got = with_origins(origins).send(request).await;

    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(got.header("access-control-allow-origin"), allowed);
}
