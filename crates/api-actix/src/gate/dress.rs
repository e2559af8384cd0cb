//! What every answer wears: its headers, and the form of a problem document when it is a refusal.

use std::cell::RefCell;

use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::ServiceResponse,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
};
use app::ports::LimitDecision;

use super::{Visit, admission::API_PREFIX, cors, visit::REQUEST_ID};
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

/// Sets the headers that every answer has.
pub(super) fn headers(headers: &mut HeaderMap, visit: &Visit, settings: &HttpSettings) {
    headers.insert(REQUEST_ID.clone(), visit.request_id.clone());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    if visit.path.starts_with(API_PREFIX) || !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, NO_STORE);
    }
    if let Some(decision) = visit.limit.get() {
        limits(headers, &decision);
    }
    if !settings.allowed_origins.is_off() {
        cors::mark(headers, visit.origin.as_ref());
    }
}

/// `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10): how many requests may come right now,
/// and when the whole quota is there again; the quota, and in how many seconds it grows from nothing.
fn limits(headers: &mut HeaderMap, decision: &LimitDecision) {
    let reset = decision.reset_after.as_secs() + u64::from(decision.reset_after.subsec_nanos() > 0);
    let mut text = Vec::with_capacity(48);
    text.extend_from_slice(b"\"default\";r=");
    push_decimal(&mut text, u64::from(decision.remaining));
    text.extend_from_slice(b";t=");
    push_decimal(&mut text, reset);
    if let Ok(value) = HeaderValue::from_bytes(&text) {
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
            let (burst, per_second) = quota;
            let window = burst.div_ceil(per_second.max(1)).max(1);
            let text = format!("\"default\";q={burst};w={window}");
            // Digits are always a legal header value.
            let value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
            last.insert((quota, value)).1.clone()
        }
    })
}

fn push_decimal(text: &mut Vec<u8>, number: u64) {
    let digits = number.checked_ilog10().unwrap_or(0);
    for place in (0..=digits).rev() {
        let digit = number / 10_u64.pow(place) % 10;
        text.push(b'0' + u8::try_from(digit).unwrap_or_default());
    }
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
