//! The line that each request leaves in the log.

use std::time::Duration;

use actix_web::http::StatusCode;

use super::Visit;

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
                trace_id = visit.trace_id(),
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
