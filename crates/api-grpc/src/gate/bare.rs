//! Refusals by the framework, which come without details: a message that is too large or cannot be decoded, a method that
//! there is not.

use api_shared::problem::{
    ProblemKind, Refusal,
    catalogue::{
        BODY_TOO_LARGE, INTERNAL_ERROR, MALFORMED_REQUEST, ROUTE_NOT_FOUND, UNSUPPORTED_MEDIA_TYPE,
    },
};
use http::{HeaderMap, Response};
use tonic::{Code, Status, body::Body};

use crate::status::status_of;

const DETAILS: &str = "grpc-status-details-bin";

/// The same answer, with details if it is a refusal without them.
pub(super) fn explained(response: Response<Body>, request_id: &str) -> Response<Body> {
    match refusal(response.headers()) {
        Some(refusal) => status_of(&refusal, request_id).into_http(),
        None => response,
    }
}

fn refusal(headers: &HeaderMap) -> Option<Refusal> {
    let status = Status::from_header_map(headers)?;
    if status.code() == Code::Ok || headers.contains_key(DETAILS) {
        return None;
    }
    let kind = kind_of(&status)?;
    let refusal = Refusal::of(kind);
    Some(if *kind == INTERNAL_ERROR {
        refusal.caused_by(&status)
    } else {
        refusal.because(status.message())
    })
}

/// What the framework means; `None` for what services have said that are not ours, such as the health of something unknown.
fn kind_of(status: &Status) -> Option<&'static ProblemKind> {
    match status.code() {
        Code::OutOfRange | Code::ResourceExhausted => Some(&BODY_TOO_LARGE),
        // What a client has sent that cannot be decoded is told as our error.
        Code::Internal if status.message().contains("decode") => Some(&MALFORMED_REQUEST),
        Code::Internal | Code::Unknown => Some(&INTERNAL_ERROR),
        Code::Unimplemented if status.message().contains("ncoding") => {
            Some(&UNSUPPORTED_MEDIA_TYPE)
        }
        Code::Unimplemented => Some(&ROUTE_NOT_FOUND),
        _ => None,
    }
}
