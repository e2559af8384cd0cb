//! Problems as responses.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::{
    ContentBuilder, Ref, RefOr, Response, ResponseBuilder, extensions::ExtensionsBuilder,
};

use crate::problem::{
    PROBLEM_JSON, ProblemKind,
    catalogue::{
        BODY_TIMEOUT, BODY_TOO_LARGE, CONCURRENT_CHANGE, CURSOR_MISMATCH, DEADLINE_EXCEEDED,
        DUPLICATE_FIELD, DUPLICATE_PARAMETER, IDEMPOTENCY_IN_PROGRESS, IDEMPOTENCY_KEY_REUSED,
        INSUFFICIENT_SCOPE, INTERNAL_ERROR, INVALID_CURSOR, INVALID_HEADER,
        INVALID_IDEMPOTENCY_KEY, INVALID_PARAMETER, MALFORMED_JSON, MALFORMED_REQUEST,
        NOT_ACCEPTABLE, NOT_FOUND, PAGE_TOO_DEEP, RATE_LIMITED, UNAUTHENTICATED, UNAVAILABLE,
        UNKNOWN_FIELD, UNKNOWN_PARAMETER, UNSUPPORTED_MEDIA_TYPE, VALIDATION_FAILED,
        VERSION_CONFLICT, all,
    },
};

/// The codes of a response, for programs that read the contract.
const CODES: &str = "x-problem-codes";

/// Of any request.
pub(super) const ALWAYS: &[&ProblemKind] = &[
    &MALFORMED_REQUEST,
    &UNKNOWN_PARAMETER,
    &INVALID_HEADER,
    &INVALID_IDEMPOTENCY_KEY,
    &NOT_ACCEPTABLE,
    &INTERNAL_ERROR,
    &UNAVAILABLE,
    &DEADLINE_EXCEEDED,
];
/// Where a key is needed.
pub(super) const WITH_KEY: &[&ProblemKind] = &[&UNAUTHENTICATED, &INSUFFICIENT_SCOPE];
/// Where requests are counted.
pub(super) const WITH_LIMIT: &[&ProblemKind] = &[&RATE_LIMITED];
/// Where the path has a parameter.
pub(super) const WITH_PATH: &[&ProblemKind] = &[&INVALID_PARAMETER, &NOT_FOUND];
/// Where there are query parameters.
pub(super) const WITH_QUERY: &[&ProblemKind] = &[&INVALID_PARAMETER, &DUPLICATE_PARAMETER];
/// Of lists.
pub(super) const WITH_PAGES: &[&ProblemKind] = &[&INVALID_CURSOR, &CURSOR_MISMATCH, &PAGE_TOO_DEEP];
/// Where there is a body.
pub(super) const WITH_BODY: &[&ProblemKind] = &[
    &MALFORMED_JSON,
    &DUPLICATE_FIELD,
    &UNKNOWN_FIELD,
    &VALIDATION_FAILED,
    &BODY_TIMEOUT,
    &BODY_TOO_LARGE,
    &UNSUPPORTED_MEDIA_TYPE,
];
/// Where something is changed.
pub(super) const WITH_EFFECT: &[&ProblemKind] = &[&CONCURRENT_CHANGE];
/// Where an `Idempotency-Key` counts.
pub(super) const WITH_IDEMPOTENCY: &[&ProblemKind] =
    &[&IDEMPOTENCY_IN_PROGRESS, &IDEMPOTENCY_KEY_REUSED];
/// Where `If-Match` counts.
pub(super) const WITH_IF_MATCH: &[&ProblemKind] = &[&VERSION_CONFLICT];

/// The kinds of each status, each once, in the order of the catalogue.
pub(super) fn by_status(
    kinds: impl Iterator<Item = &'static ProblemKind>,
) -> BTreeMap<String, Vec<&'static ProblemKind>> {
    let wanted: Vec<_> = kinds.collect();
    let mut grouped: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for kind in all().filter(|kind| wanted.contains(kind)) {
        grouped
            .entry(kind.status.as_u16().to_string())
            .or_default()
            .push(kind);
    }
    grouped
}

/// The response that any of these kinds is.
pub(super) fn response(kinds: &[&'static ProblemKind]) -> Response {
    let lines = kinds
        .iter()
        .map(|kind| format!("`{}`: {}", kind.code, kind.description));
    let codes: Vec<_> = kinds.iter().map(|kind| kind.code).collect();
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .example(kinds.first().map(|kind| example(kind)))
        .build();
    ResponseBuilder::new()
        .description(lines.collect::<Vec<_>>().join("\n\n"))
        .content(PROBLEM_JSON, content)
        .extensions(Some(
            ExtensionsBuilder::new().add(CODES, json!(codes)).build(),
        ))
        .build()
}

/// The kinds that a response was made of.
pub(super) fn kinds_of(response: &RefOr<Response>) -> Vec<&'static ProblemKind> {
    let RefOr::T(response) = response else {
        return Vec::new();
    };
    let codes = response
        .extensions
        .as_ref()
        .and_then(|extensions| extensions.get(CODES));
    let is_among = |kind: &&ProblemKind| {
        codes
            .and_then(Value::as_array)
            .is_some_and(|codes| codes.iter().any(|code| code == kind.code))
    };
    all().filter(is_among).collect()
}

fn example(kind: &ProblemKind) -> Value {
    json!({
        "type": kind.path(),
        "title": kind.title,
        "status": kind.status.as_u16(),
        "code": kind.code,
        "detail": kind.description,
        "instance": "/api/v1/invoices",
        "request_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
        "errors": [],
    })
}

/// The name of the response that every operation with a key gives with this status.
pub(super) fn shared_name(status: &str) -> Option<&'static str> {
    Some(match status {
        "401" => "Unauthenticated",
        "403" => "InsufficientScope",
        "406" => "NotAcceptable",
        "408" => "BodyTimeout",
        "413" => "BodyTooLarge",
        "415" => "UnsupportedMediaType",
        "429" => "RateLimited",
        "500" => "InternalError",
        "503" => "Unavailable",
        _ => return None,
    })
}
