//! Spelling a refusal out: a code, a message for people, and details for programs.

use std::{collections::HashMap, fmt::Write as _, time::Duration};

use api_shared::problem::{
    Fault, Place, ProblemKind, Refusal, Status as Class,
    catalogue::{ALREADY_EXISTS, DEADLINE_EXCEEDED, ROUTE_NOT_FOUND},
};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

/// Whose reasons they are.
pub(crate) const DOMAIN: &str = "tallystick";

/// How many bytes of violations are listed. They travel in a header, which clients do not let grow beyond 8 KiB.
const VIOLATIONS_BYTES_MAX: usize = 4_096;

/// The status of a refusal. The cause, if there is one, is logged here under the id of the call.
pub(crate) fn status_of(refusal: &Refusal, request_id: &str) -> Status {
    let kind = refusal.kind();
    if let Some(cause) = refusal.cause() {
        tracing::error!(request_id, code = kind.code, cause, "a call failed");
    }
    let mut details = ErrorDetails::new();
    let mut about = HashMap::from([("type".to_owned(), kind.path())]);
    if !refusal.faults().is_empty() {
        about.insert("violations".to_owned(), refusal.faults().len().to_string());
        details.set_bad_request(violations(refusal.faults()));
    }
    details.set_error_info(reason(kind), DOMAIN, about);
    details.set_request_info(request_id, "");
    if let Some(seconds) = refusal.retry_after_seconds() {
        details.set_retry_info(Some(Duration::from_secs(seconds)));
    }
    Status::with_error_details(code_of(kind), refusal.detail(), details)
}

/// A kind as a reason: its code in upper case, as reasons are written.
pub(crate) fn reason(kind: &ProblemKind) -> String {
    kind.code.to_ascii_uppercase()
}

/// What programs that know nothing of us are to make of a kind.
pub(crate) fn code_of(kind: &ProblemKind) -> Code {
    if *kind == ROUTE_NOT_FOUND {
        return Code::Unimplemented;
    }
    if *kind == ALREADY_EXISTS {
        return Code::AlreadyExists;
    }
    if *kind == DEADLINE_EXCEEDED {
        return Code::DeadlineExceeded;
    }
    match kind.status {
        Class::BadRequest => Code::InvalidArgument,
        Class::Unauthorized => Code::Unauthenticated,
        Class::Forbidden => Code::PermissionDenied,
        Class::NotFound => Code::NotFound,
        Class::MethodNotAllowed | Class::NotAcceptable | Class::UnsupportedMediaType => {
            Code::Unimplemented
        }
        Class::RequestTimeout => Code::DeadlineExceeded,
        // The same request may succeed later, or when it is decided anew.
        Class::Conflict if kind.retry_after_seconds.is_some() => Code::Aborted,
        Class::PreconditionFailed => Code::Aborted,
        Class::Conflict | Class::UnprocessableEntity => Code::FailedPrecondition,
        Class::PayloadTooLarge | Class::TooManyRequests => Code::ResourceExhausted,
        Class::InternalServerError => Code::Internal,
        Class::ServiceUnavailable => Code::Unavailable,
    }
}

fn violations(faults: &[Fault]) -> Vec<FieldViolation> {
    let mut bytes = 0;
    let listed = faults.iter().map(|fault| FieldViolation {
        reason: fault.code.to_ascii_uppercase(),
        ..FieldViolation::new(field(&fault.place), fault.message.as_ref())
    });
    let fits = |violation: &FieldViolation| {
        bytes += violation.field.len() + violation.reason.len() + violation.description.len();
        bytes <= VIOLATIONS_BYTES_MAX
    };
    listed.take_while(fits).collect()
}

/// A place as the path of a field: `items[0].quantity`. Metadata is written in lower case.
pub(crate) fn field(place: &Place) -> String {
    match place {
        Place::Pointer(pointer) => path(pointer),
        Place::Parameter(name) => name.clone(),
        Place::Header(name) => name.to_ascii_lowercase(),
    }
}

fn path(pointer: &str) -> String {
    // Writing to a string does not fail.
    let mut path = String::new();
    for segment in pointer.split('/').skip(1) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        let is_index = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
        let is_name = segment
            .bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        if is_index {
            let _ = write!(path, "[{segment}]");
        } else if is_name && !segment.is_empty() {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&segment);
        } else {
            let _ = write!(path, "[{segment:?}]");
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use api_shared::problem::catalogue::{self, BATCH_REJECTED, VALIDATION_FAILED};
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/items/0/quantity", "items[0].quantity")]
    #[case("/metadata/a b", "metadata[\"a b\"]")]
    #[case("/metadata/a~1b", "metadata[\"a/b\"]")]
    #[case("/metadata/", "metadata[\"\"]")]
    #[case("", "")]
    fn pointers_become_paths(#[case] pointer: &str, #[case] expected: &str) {
        assert_eq!(field(&Place::Pointer(pointer.to_owned())), expected);
    }

    #[test]
    fn every_kind_has_a_code_that_says_something() {
        for kind in catalogue::all() {
            let code = code_of(kind);

            assert!(!matches!(code, Code::Ok | Code::Unknown), "{}", kind.code);
            let is_ours = kind.status.is_server_error();
            let is_blamed = matches!(
                code,
                Code::Internal | Code::Unavailable | Code::DeadlineExceeded
            );
            assert!(!is_ours || is_blamed, "{}", kind.code);
        }
    }

    #[test]
    fn a_refusal_is_told_in_full() {
        let place = Place::Pointer("/items/0/quantity".to_owned());
        let fault = Fault::new(
            &VALIDATION_FAILED,
            place,
            "out_of_range",
            "must be greater than 0",
        );
        let refusal = Refusal::of(&VALIDATION_FAILED).with_faults(vec![fault]);

        let status = status_of(&refusal, "r-1");

        let details = status.get_error_details();
        let info = details.error_info().unwrap();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(
            (info.reason.as_str(), info.domain.as_str()),
            ("VALIDATION_FAILED", DOMAIN)
        );
        assert_eq!(info.metadata["type"], "/problems/validation-failed");
        assert_eq!(details.request_info().unwrap().request_id, "r-1");
        let [violation] = details.bad_request().unwrap().field_violations.as_slice() else {
            panic!("one violation");
        };
        assert_eq!(violation.field, "items[0].quantity");
        assert_eq!(violation.reason, "OUT_OF_RANGE");
        assert_eq!(violation.description, "must be greater than 0");
    }

    #[test]
    fn a_thousand_violations_fit_a_header_and_are_counted() {
        let fault = |index| {
            let place = Place::Pointer(format!("/transfers/{index}"));
            Fault::new(&BATCH_REJECTED, place, "same_account", "is nonsense")
        };
        let refusal = Refusal::of(&BATCH_REJECTED).with_faults((0..1_000).map(fault).collect());

        let status = status_of(&refusal, "r-1");

        assert!(status.details().len() < 8_000);
        let details = status.get_error_details();
        assert_eq!(details.error_info().unwrap().metadata["violations"], "1000");
    }
}
