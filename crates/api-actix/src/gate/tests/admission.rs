use std::{
    net::IpAddr,
    sync::{Arc, atomic::Ordering},
};

use actix_web::{http::StatusCode, test::TestRequest};
use api_shared::trusted_proxies::TrustedProxies;
use app::{
    ports::{LimitSubject, MockRateLimiter},
    testing::key_secret,
};
use rstest::rstest;

use super::{finding_organization, organization};
use crate::testing::{Bench, allowed, knowing, knowing_nothing, limiting, refused};

fn bearer(secret: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {secret}"))
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

#[rstest]
#[case::contract("/openapi.json")]
#[case::page("/docs/")]
#[case::problems("/problems")]
#[case::nothing("/nowhere")]
#[actix_web::test]
async fn what_is_open_to_all_has_a_limit_too(
    #[case] path: &str,
    #[values(None, Some("tsk_00000000000000000000000000000000"))] secret: Option<&str>,
) {
    let asking = || {
        let request = TestRequest::get().uri(path);
        match secret {
            Some(secret) => request.insert_header(bearer(secret)),
            None => request,
        }
    };
    let over = Bench::new().with(|parts| parts.rate_limiter = limiting(allowed(), refused()));
    let within = Bench::new().with(|parts| parts.rate_limiter = limiting(refused(), allowed()));

    let got = over.send_as_is(asking()).await;
    let welcome = within.send_as_is(asking()).await;

    assert_eq!(got.problem(), (429, "rate_limited".to_owned()));
    assert_eq!(got.header("retry-after"), "2");
    assert_eq!(got.header("ratelimit"), "\"default\";r=0;t=2");
    assert_ne!(welcome.status.as_u16(), 429);
    assert_eq!(welcome.header("ratelimit-policy"), "\"default\";q=2000;w=2");
}

#[actix_web::test]
async fn a_valid_key_is_counted_for_what_is_open_to_all() {
    let bench = Bench::new().with(|parts| parts.rate_limiter = limiting(allowed(), refused()));

    let got = bench.send(TestRequest::get().uri("/problems")).await;

    assert_eq!(got.status, StatusCode::OK);
}

#[actix_web::test]
async fn what_is_open_to_all_is_so_when_keys_cannot_be_looked_up() {
    let bench = Bench::new().with(|parts| parts.authenticator = knowing_nothing());

    let got = bench.send(TestRequest::get().uri("/problems")).await;

    assert_eq!(got.status, StatusCode::OK);
}

#[rstest]
#[case::probe("/health")]
#[case::ready("/health/ready")]
#[actix_web::test]
async fn probes_are_not_counted(#[case] path: &str) {
    let bench = Bench::new().with(|parts| parts.rate_limiter = limiting(refused(), refused()));

    let got = bench.send_as_is(TestRequest::get().uri(path)).await;

    assert_eq!((got.status, got.header("ratelimit")), (StatusCode::OK, ""));
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
