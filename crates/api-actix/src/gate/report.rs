//! The line that each request leaves in the log.

use std::time::Duration;

use actix_web::http::StatusCode;

use super::{Visit, meters};

/// Writes it: at `error` for what we are to blame for, at `info` for the rest.
pub(super) fn finished(visit: &Visit, status: StatusCode, took: Duration) {
    let latency_ms = took.as_secs_f64() * 1e3;
    let organization = visit.organization_id();
    let organization = organization.as_ref().map(tracing::field::display);
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: "http",
                request_id = visit.request_id(),
                trace_id = visit.trace_id().map(tracing::field::display),
                organization,
                method = visit.method.as_str(),
                route = visit.pattern,
                status = status.as_u16(),
                latency_ms,
                "request"
            )
        };
    }
    if status.is_server_error() {
        line!(error);
    } else {
        line!(info);
    }
}

/// Ends the part that the request was of its trace.
pub(super) fn traced(visit: &Visit, status: StatusCode) {
    let mut span = visit.take_part();
    let method = meters::label(&visit.method);
    span.rename(|| format!("{method} {}", visit.pattern));
    span.note("http.request.method", method);
    span.note("http.route", visit.pattern);
    span.note("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.fail(status.as_str().to_owned());
    }
}
