//! What the gate does, seen from outside.

use std::{
    net::IpAddr,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use app::{
    ports::{
        LimitSubject, MockOrganizationQueries, MockRateLimiter, OrganizationQueries, StorageError,
    },
    testing::{key_secret, out_of_reach, stored_organization},
};
use async_trait::async_trait;
use domain::{ids::OrganizationId, platform::OrganizationFacts};
use rstest::rstest;

use crate::{
    AllowedOrigins, TrustedProxies,
    testing::{Bench, allowed, knowing, knowing_nothing, limiting, refused},
};

const ORGANIZATION_PATH: &str = "/api/v1/organization";

fn organization() -> TestRequest {
    TestRequest::get().uri(ORGANIZATION_PATH)
}

fn bearer(secret: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {secret}"))
}

fn finding_organization() -> Bench {
    let mut organizations = MockOrganizationQueries::new();
    let facts = stored_organization().facts().clone();
    organizations
        .expect_find()
        .returning(move |_| Ok(Some(facts.clone())));
    Bench::new().with(|parts| parts.platform.organizations = Arc::new(organizations))
}

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
#[case::none(None)]
#[case::unknown(Some("Bearer tsk_00000000000000000000000000000000"))]
#[case::other_scheme(Some("Basic dXNlcjpwYXNz"))]
#[case::no_secret(Some("Bearer"))]
#[case::empty(Some(""))]
#[actix_web::test]
async fn without_a_valid_key_nobody_comes_in(#[case] authorization: Option<&str>) {
    let mut request = organization();
    if let Some(value) = authorization {
        request = request.insert_header(("authorization", value));
    }

    let got = Bench::new().send_as_is(request).await;

    assert_eq!(got.problem(), (401, "unauthenticated".to_owned()));
}

#[actix_web::test]
async fn the_scheme_may_be_written_in_any_case() {
    let authorization = format!("bEARER  {}", key_secret().expose());
    let request = organization().insert_header(("authorization", authorization));

    let got = finding_organization().send_as_is(request).await;

    assert_eq!(got.status, StatusCode::OK);
}

#[actix_web::test]
async fn a_percent_encoded_path_needs_a_key_too() {
    let request = TestRequest::get().uri("/%61pi/v1/organization");

    let got = Bench::new().send_as_is(request).await;

    assert_eq!(got.status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_missing_scope_is_named_before_the_request_is_read() {
    let bench = Bench::new().with(|parts| parts.authenticator = knowing(&["keys:read"]));

    let got = bench
        .send(
            TestRequest::post()
                .uri("/api/v1/api-keys?x=1")
                .set_payload("{"),
        )
        .await;

    assert_eq!(got.problem(), (403, "insufficient_scope".to_owned()));
    assert_eq!(
        got.json()["detail"],
        "the API key lacks the scope keys:write"
    );
}

#[actix_web::test]
async fn when_keys_cannot_be_looked_up_the_service_is_unavailable() {
    let bench = Bench::new().with(|parts| parts.authenticator = knowing_nothing());

    let got = bench.send(organization()).await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
    assert_eq!(got.header("retry-after"), "1");
}

#[actix_web::test]
async fn every_limited_answer_tells_its_limit() {
    let got = finding_organization().send(organization()).await;

    assert_eq!(got.header("ratelimit"), "\"default\";r=1999;t=1");
    assert_eq!(got.header("ratelimit-policy"), "\"default\";q=2000;w=2");
}

#[rstest]
#[case::key(limiting(refused(), allowed()), Some(key_secret().expose().to_owned()))]
#[case::stranger(limiting(allowed(), refused()), None)]
#[actix_web::test]
async fn over_the_limit_is_429(
    #[case] limiter: Arc<MockRateLimiter>,
    #[case] secret: Option<String>,
) {
    let mut request = organization();
    if let Some(secret) = secret {
        request = request.insert_header(bearer(&secret));
    }

    let bench = Bench::new().with(|parts| parts.rate_limiter = limiter);
    let got = bench.send_as_is(request).await;

    assert_eq!(got.problem(), (429, "rate_limited".to_owned()));
    assert_eq!(got.header("retry-after"), "2");
    assert_eq!(got.header("ratelimit"), "\"default\";r=0;t=2");
}

#[actix_web::test]
async fn bad_keys_over_the_limit_are_not_looked_up_and_good_ones_keep_working() {
    let keyring = knowing(&["*"]);
    let authenticator = Arc::clone(&keyring);
    let bench = finding_organization().with(|parts| {
        parts.authenticator = authenticator;
        parts.rate_limiter = limiting(allowed(), refused());
    });
    let good = || organization().insert_header(bearer(key_secret().expose()));
    let bad = || organization().insert_header(bearer("tsk_00000000000000000000000000000000"));

    let statuses = bench
        .send_each([good(), bad(), bad(), good()])
        .await
        .map(|got| got.status.as_u16());

    assert_eq!(statuses, [200, 429, 429, 200]);
    // The second bad key was not looked up.
    assert_eq!(keyring.asked.load(Ordering::SeqCst), 3);
}

#[actix_web::test]
async fn strangers_are_counted_by_the_address_that_a_trusted_proxy_tells() {
    let mut limiter = MockRateLimiter::new();
    let client: IpAddr = "198.51.100.7".parse().unwrap();
    let is_client = move |subject: &LimitSubject| *subject == LimitSubject::Stranger(client);
    limiter
        .expect_take()
        .withf(is_client)
        .once()
        .returning(|_| allowed());
    let bench = Bench::new().with(|parts| {
        parts.rate_limiter = Arc::new(limiter);
        parts.settings.trusted_proxies = TrustedProxies::parse(["10.0.0.1"]).unwrap();
    });
    let request = organization()
        .peer_addr("10.0.0.1:4711".parse().unwrap())
        .insert_header(("x-forwarded-for", "203.0.113.1, 198.51.100.7"));

    let got = bench.send_as_is(request).await;

    assert_eq!(got.status, StatusCode::UNAUTHORIZED);
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
async fn answers_are_compressed_when_asked(#[case] accept: Option<&str>, #[case] encoding: &str) {
    let mut request = TestRequest::get().uri("/openapi.json");
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
