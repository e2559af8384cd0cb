use std::{sync::Arc, time::Duration};

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use app::{
    platform::{AuthenticatedKey, AuthenticationError, Authenticator},
    ports::{MockOrganizationQueries, OrganizationQueries, StorageError},
    testing::out_of_reach,
};
use async_trait::async_trait;
use domain::{ids::OrganizationId, platform::OrganizationFacts};
use rstest::rstest;

use super::{ORGANIZATION_PATH, finding_organization, organization};
use crate::testing::Bench;

#[rstest]
#[case::unknown_path(Method::GET, "/nowhere", 404, "route_not_found")]
#[case::unknown_path_of_the_api(Method::GET, "/api/v1/nowhere", 404, "route_not_found")]
#[case::trailing_slash(Method::GET, "/api/v1/organization/", 404, "route_not_found")]
#[case::wrong_method(Method::PUT, ORGANIZATION_PATH, 405, "method_not_allowed")]
#[case::made_up_method(Method::from_bytes(b"BREW").unwrap(), "/health", 405, "method_not_allowed")]
#[case::options_without_cors(Method::OPTIONS, ORGANIZATION_PATH, 405, "method_not_allowed")]
#[case::unknown_parameter(Method::GET, "/health?verbose=1", 400, "unknown_parameter")]
#[case::bad_id(Method::GET, "/api/v1/api-keys/1", 400, "invalid_parameter")]
#[case::upper_case_id(
    Method::GET,
    "/api/v1/api-keys/01936F8A-5B1E-7C3D-9A4F-2B6C8D0E1F23",
    400,
    "invalid_parameter"
)]
#[case::unknown_problem(Method::GET, "/problems/nothing", 404, "not_found")]
#[case::unknown_file(Method::GET, "/docs/nothing.js", 404, "route_not_found")]
#[actix_web::test]
async fn refusals_are_problem_documents(
    #[case] method: Method,
    #[case] path: &str,
    #[case] status: u16,
    #[case] code: &str,
) {
    let got = Bench::new()
        .send(TestRequest::with_uri(path).method(method))
        .await;

    assert_eq!(got.problem(), (status, code.to_owned()));
    assert_eq!(got.json()["status"], status);
    assert_eq!(got.json()["request_id"], got.header("x-request-id"));
    assert_eq!(got.json()["instance"], path.split('?').next().unwrap());
}

#[actix_web::test]
async fn a_problem_document_has_all_its_members() {
    let request = organization().insert_header(("x-request-id", "r-1"));

    let got = Bench::new().send_as_is(request).await;

    insta::assert_json_snapshot!(got.json());
    assert_eq!(got.header("www-authenticate"), "Bearer");
}

#[actix_web::test]
async fn a_method_that_is_not_there_is_told_which_are() {
    let got = Bench::new()
        .send(TestRequest::delete().uri(ORGANIZATION_PATH))
        .await;

    assert_eq!(got.header("allow"), "GET, HEAD, PATCH");
}

#[rstest]
#[case::accepted("a-Z.0_9", true)]
#[case::too_long(&"a".repeat(129), false)]
#[case::forbidden("a b", false)]
#[actix_web::test]
async fn request_ids_are_taken_over_or_made(#[case] sent: &str, #[case] is_kept: bool) {
    let request = TestRequest::get()
        .uri("/health/live")
        .insert_header(("x-request-id", sent));

    let got = Bench::new().send_as_is(request).await;

    let made = "00000000-0000-0000-0000-000000000001";
    assert_eq!(
        got.header("x-request-id"),
        if is_kept { sent } else { made }
    );
}

#[actix_web::test]
async fn every_answer_has_the_protecting_headers() {
    let got = finding_organization().send(organization()).await;

    assert_eq!(got.header("x-content-type-options"), "nosniff");
    assert_eq!(got.header("cache-control"), "no-store");
}

#[rstest]
#[case::xml("application/xml", 406)]
#[case::json("application/json", 200)]
#[case::refused("application/json;q=0, text/html", 406)]
#[actix_web::test]
async fn answers_are_json_or_not_acceptable(#[case] accept: &str, #[case] status: u16) {
    let request = organization().insert_header(("accept", accept));

    let got = finding_organization().send(request).await;

    assert_eq!(got.status.as_u16(), status);
}

#[actix_web::test]
async fn an_encoding_that_rules_everything_out_is_a_problem() {
    let request = organization().insert_header(("accept-encoding", "identity;q=0, br"));

    let got = finding_organization().send(request).await;

    assert_eq!(got.problem(), (406, "not_acceptable".to_owned()));
}

#[rstest]
#[case::asked(Some("gzip"), "gzip")]
#[case::not_asked(None, "")]
#[actix_web::test]
async fn answers_are_compressed_when_asked(
    #[case] accept: Option<&str>,
    #[case] encoding: &str,
    #[values("/problems", "/openapi.json")] path: &str,
) {
    let mut request = TestRequest::get().uri(path);
    if let Some(accept) = accept {
        request = request.insert_header(("accept-encoding", accept));
    }

    let got = Bench::new().send_as_is(request).await;

    assert_eq!(got.header("content-encoding"), encoding);
    assert_eq!(got.bytes.starts_with(&[0x1f, 0x8b]), accept.is_some());
}

#[actix_web::test]
async fn head_is_answered_like_get() {
    let request = TestRequest::with_uri(ORGANIZATION_PATH).method(Method::HEAD);

    let got = finding_organization().send(request).await;

    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(got.header("etag"), "\"1\"");
}

#[actix_web::test]
async fn a_panic_is_an_internal_error_that_says_nothing() {
    let got = Bench::new().send(organization()).await;

    assert_eq!(got.problem(), (500, "internal_error".to_owned()));
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    assert!(!String::from_utf8_lossy(&got.bytes).contains("Mock"));
}

#[actix_web::test]
async fn a_failing_storage_is_unavailable_and_says_no_more() {
    let mut organizations = MockOrganizationQueries::new();
    organizations.expect_find().returning(|_| out_of_reach());

    let bench = Bench::new().with(|parts| parts.platform.organizations = Arc::new(organizations));
    let got = bench.send(organization()).await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
    assert_eq!(got.header("retry-after"), "1");
    assert!(!String::from_utf8_lossy(&got.bytes).contains("out of reach"));
}

struct Silent;

#[async_trait]
impl OrganizationQueries for Silent {
    async fn find(&self, _: OrganizationId) -> Result<Option<OrganizationFacts>, StorageError> {
        std::future::pending().await
    }

    async fn list(&self) -> Result<Vec<OrganizationFacts>, StorageError> {
        std::future::pending().await
    }
}

#[async_trait]
impl Authenticator for Silent {
    async fn authenticate(&self, _: &str) -> Result<AuthenticatedKey, AuthenticationError> {
        std::future::pending().await
    }
}

#[actix_web::test]
async fn a_key_that_is_looked_up_for_too_long_is_given_up() {
    let bench = Bench::new().with(|parts| {
        parts.authenticator = Arc::new(Silent);
        parts.settings.request_max = Duration::from_millis(5);
    });

    let got = bench.send(organization()).await;

    assert_eq!(got.problem(), (503, "deadline_exceeded".to_owned()));
}

#[actix_web::test]
async fn a_problem_tells_the_path_as_it_was_asked_for() {
    let got = Bench::new()
        .send(TestRequest::get().uri("/api/v1/%6Eowhere/a%20b"))
        .await;

    assert_eq!(got.problem(), (404, "route_not_found".to_owned()));
    assert_eq!(got.json()["instance"], "/api/v1/%6Eowhere/a%20b");
}

#[actix_web::test]
async fn an_endpoint_that_does_not_answer_is_given_up() {
    let bench = Bench::new().with(|parts| {
        parts.platform.organizations = Arc::new(Silent);
        parts.settings.request_max = Duration::from_millis(5);
    });

    let got = bench.send(organization()).await;

    assert_eq!(got.problem(), (503, "deadline_exceeded".to_owned()));
    assert_eq!(got.header("retry-after"), "1");
    assert_eq!(got.json()["instance"], ORGANIZATION_PATH);
}
