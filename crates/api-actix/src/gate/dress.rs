//! What every answer wears: its headers, and the form of a problem document when it is a refusal.

use std::cell::RefCell;

use actix_web::{
    Error,
    body::{self, BodySize, BoxBody, EitherBody, MessageBody},
    dev::ServiceResponse,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
};
use api_shared::rate_limit;
use app::ports::LimitDecision;

use super::{Visit, cors, visit::REQUEST_ID};
use crate::{
    api::HttpSettings,
    problem::{
        PROBLEM_JSON, Problem, ProblemKind,
        catalogue::{
            BODY_TIMEOUT, BODY_TOO_LARGE, INTERNAL_ERROR, MALFORMED_REQUEST, METHOD_NOT_ALLOWED,
            NOT_ACCEPTABLE, ROUTE_NOT_FOUND, UNAVAILABLE, UNSUPPORTED_MEDIA_TYPE,
        },
    },
};

static RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
static RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
/// An answer is data: a browser that is made to show it as a page loads nothing, runs nothing, and shows it in no frame.
const NO_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Sets the headers that every answer has.
pub(super) fn headers(headers: &mut HeaderMap, visit: &Visit, settings: &HttpSettings) {
    headers.insert(REQUEST_ID.clone(), visit.request_id.clone());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.insert(header::REFERRER_POLICY, NO_REFERRER);
    // What is a page, and what may be kept, says so itself.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, NO_PAGE);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, NO_STORE);
    }
    if let Some(decision) = visit.limit.get() {
        limits(headers, &decision);
    }
    if !settings.allowed_origins.is_off() {
        cors::mark(headers, visit.origin.as_ref());
    }
}

fn limits(headers: &mut HeaderMap, decision: &LimitDecision) {
    if let Ok(value) = HeaderValue::from_bytes(&rate_limit::standing(decision)) {
        headers.insert(RATE_LIMIT.clone(), value);
    }
    headers.insert(RATE_LIMIT_POLICY.clone(), policy(decision));
}

/// The policy hardly ever differs from that of the request before.
fn policy(decision: &LimitDecision) -> HeaderValue {
    thread_local! {
        static LAST: RefCell<Option<((u32, u32), HeaderValue)>> = const { RefCell::new(None) };
    }
    let quota = (decision.burst, decision.per_second);
    LAST.with_borrow_mut(|last| match last {
        Some((known, value)) if *known == quota => value.clone(),
        _ => {
            let text = rate_limit::policy(decision);
            // Digits are always a legal header value.
            let value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
            last.insert((quota, value)).1.clone()
        }
    })
}

/// Makes sure that a refusal is a problem document.
pub(super) fn refusal<B: MessageBody>(
    response: ServiceResponse<B>,
    visit: &Visit,
) -> ServiceResponse<EitherBody<B>> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_said(response.headers()) {
        return response.map_into_left_body();
    }
    let refused = response.response().error();
    let document = match refused.and_then(|error| error.as_error::<Problem>()) {
        Some(problem) => problem.response(&visit.occasion()),
        None => Problem::of(kind_of(status)).response(&visit.occasion()),
    };
    response.into_response(document).map_into_right_body()
}

/// The answer to HEAD: the connection leaves out its body, but waits for the end of one whose length nobody knows, and the
/// stream of events has none.
pub(super) fn without_stream<B: MessageBody + 'static>(
    response: ServiceResponse<EitherBody<B>>,
) -> ServiceResponse<EitherBody<B>> {
    if response.response().body().size() == BodySize::Stream {
        response.map_body(|_, _| EitherBody::right(BoxBody::new(body::None::new())))
    } else {
        response
    }
}

/// The problem behind an error that has no response yet.
pub(super) fn problem_of(error: &Error) -> Problem {
    let status = error.as_response_error().status_code();
    Problem::of(kind_of(status)).because(format_args!("{status}"))
}

/// Whether an endpoint has said itself what is wrong: by a problem document, or by a report such as that of the health
/// check. What the framework refuses is plain text, or nothing.
fn is_said(headers: &HeaderMap) -> bool {
    let is_ours = |value: &HeaderValue| value == PROBLEM_JSON || value == "application/json";
    headers.get(header::CONTENT_TYPE).is_some_and(is_ours)
}

/// What a refusal by the framework means.
fn kind_of(status: StatusCode) -> &'static ProblemKind {
    match status {
        StatusCode::NOT_FOUND => &ROUTE_NOT_FOUND,
        StatusCode::METHOD_NOT_ALLOWED => &METHOD_NOT_ALLOWED,
        StatusCode::NOT_ACCEPTABLE => &NOT_ACCEPTABLE,
        StatusCode::REQUEST_TIMEOUT => &BODY_TIMEOUT,
        StatusCode::PAYLOAD_TOO_LARGE => &BODY_TOO_LARGE,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => &UNSUPPORTED_MEDIA_TYPE,
        StatusCode::SERVICE_UNAVAILABLE => &UNAVAILABLE,
        status if status.is_client_error() => &MALFORMED_REQUEST,
        _ => &INTERNAL_ERROR,
    }
}
