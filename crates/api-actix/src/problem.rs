//! Problem documents (RFC 9457): how a refusal looks on the wire.
//!
//! What refusals there are stands in [`api_shared::problem`], and so does which error of a use case is which of them, where
//! both APIs offer the use case. `instance` and `request_id` are filled in where a problem is rendered, by the gate.

mod pages;
mod render;
mod shared;

use std::{fmt, time::Duration};

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header::HeaderValue},
};
pub use api_shared::problem::{Fault, Faults, Place, ProblemKind, Refusal, catalogue};

pub(crate) use pages::endpoints;
pub use render::{FaultBody, ProblemBody};
pub(crate) use render::{Occasion, PROBLEM_JSON};

/// A refusal as HTTP has it. Its cause goes to the log only.
pub struct Problem {
    refusal: Refusal,
    allow: Option<HeaderValue>,
}

impl Problem {
    /// A problem of this kind, explained as the catalogue does.
    pub fn of(kind: &'static ProblemKind) -> Self {
        Refusal::of(kind).into()
    }

    /// The same, with an explanation of this occurrence. It is shown to the client.
    #[must_use]
    pub fn because(self, detail: impl fmt::Display) -> Self {
        self.with(|refusal| refusal.because(detail))
    }

    /// The same, with what is wrong with the request.
    #[must_use]
    pub fn with_faults(self, faults: Vec<Fault>) -> Self {
        self.with(|refusal| refusal.with_faults(faults))
    }

    /// The same, to be tried again after this time (rounded up to whole seconds, at least one).
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        self.with(|refusal| refusal.retry_after(wait))
    }

    /// The same, with a cause for the log. It is never shown.
    #[must_use]
    pub fn caused_by(self, cause: &dyn std::error::Error) -> Self {
        self.with(|refusal| refusal.caused_by(cause))
    }

    /// The same, with the methods that the path has.
    pub(crate) fn allowing(mut self, methods: HeaderValue) -> Self {
        self.allow = Some(methods);
        self
    }

    fn with(self, add: impl FnOnce(Refusal) -> Refusal) -> Self {
        Self {
            refusal: add(self.refusal),
            ..self
        }
    }

    /// What is wrong with the request.
    pub fn faults(&self) -> &[Fault] {
        self.refusal.faults()
    }

    /// The kind.
    pub fn kind(&self) -> &'static ProblemKind {
        self.refusal.kind()
    }

    /// The status of its response.
    pub fn status(&self) -> StatusCode {
        let number = self.kind().status.as_u16();
        StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            allow: None,
        }
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refusal.fmt(f)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.refusal, f)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// The status alone: the gate renders the document, since it knows the request.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status())
    }
}
