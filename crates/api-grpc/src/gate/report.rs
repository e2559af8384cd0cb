//! What each call leaves behind: a line in the log, and counts.

use tonic::Code;

use super::Visit;
use crate::rpcs::Rpc;

/// Writes the line, at `error` for what we are to blame for and at `info` for the rest, and counts.
pub(super) fn finished(visit: &Visit, code: Code) {
    let took = visit.begun().elapsed();
    let rpc = visit.rpc();
    let name = name_of(code);
    metrics::counter!(
        "grpc_requests_total",
        "service" => rpc.service.as_str(), "method" => rpc.method.as_str(), "code" => name,
    )
    .increment(1);
    metrics::histogram!(
        "grpc_request_duration_seconds",
        "service" => rpc.service.as_str(), "method" => rpc.method.as_str(), "code" => name,
    )
    .record(took);

    let latency_ms = took.as_secs_f64() * 1e3;
    let key = visit.key();
    let organization = key.as_ref().map(|key| key.organization_id);
    let organization = organization.as_ref().map(tracing::field::display);
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: "grpc",
                request_id = visit.request_id(),
                trace_id = visit.trace_id().map(tracing::field::display),
                organization,
                service = rpc.service.as_str(),
                method = rpc.method.as_str(),
                code = name,
                latency_ms,
                "call"
            )
        };
    }
    if is_ours(code) {
        line!(error);
    } else {
        line!(info);
    }
    trace(visit, (rpc, code));
}

fn trace(visit: &Visit, (rpc, code): (&'static Rpc, Code)) {
    let mut span = visit.take_span();
    span.rename(|| format!("{}/{}", rpc.service, rpc.method));
    span.note("rpc.system.name", "grpc");
    span.note("rpc.method", rpc.method.as_str());
    span.note("rpc.response.status_code", name_of(code));
    if is_ours(code) {
        span.fail(name_of(code));
    }
}

/// Whether we are to blame.
fn is_ours(code: Code) -> bool {
    matches!(
        code,
        Code::Unknown | Code::Internal | Code::Unavailable | Code::DataLoss
    )
}

/// The name of a code in the specification.
const fn name_of(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
