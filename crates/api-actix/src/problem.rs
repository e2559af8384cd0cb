//! Problem documents (RFC 9457): how a refusal looks on the wire.
//!
//! A [`Problem`] can be made from a [`ProblemKind`] of the [`catalogue`] only, so every `code` that a client can meet is
//! explained under `/problems`. `instance` and `request_id` are filled in where it is rendered, by the gate.

pub mod catalogue;
mod fault;
mod pages;
mod render;
mod storage;

use std::{borrow::Cow, fmt, time::Duration};

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header::HeaderValue},
};

pub use catalogue::ProblemKind;
pub use fault::{Fault, Faults, Place};
pub(crate) use pages::endpoints;
pub use render::{FaultBody, ProblemBody};
pub(crate) use render::{Occasion, PROBLEM_JSON};

/// What the client is told. Its cause goes to the log only.
pub struct Problem(Box<Contents>);

struct Contents {
    kind: &'static ProblemKind,
    detail: Cow<'static, str>,
    faults: Vec<Fault>,
    retry_after_seconds: Option<u64>,
    allow: Option<HeaderValue>,
    cause: Option<String>,
}

impl Problem {
    /// A problem of this kind, explained as the catalogue does.
    pub fn of(kind: &'static ProblemKind) -> Self {
        Self(Box::new(Contents {
            kind,
            detail: Cow::Borrowed(kind.description),
            faults: Vec::new(),
            retry_after_seconds: kind.retry_after_seconds,
            allow: None,
            cause: None,
        }))
    }

    /// The same, with an explanation of this occurrence. It is shown to the client.
    #[must_use]
    pub fn because(mut self, detail: impl fmt::Display) -> Self {
        self.0.detail = Cow::Owned(detail.to_string());
        self
    }

    /// The same, with what is wrong with the request.
    #[must_use]
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.0.faults = faults;
        self
    }

    /// The same, to be tried again after this time (rounded up to whole seconds, at least one).
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.0.retry_after_seconds = Some(seconds.max(1));
        self
    }

    /// The same, with the methods that the path has.
    pub(crate) fn allowing(mut self, methods: HeaderValue) -> Self {
        self.0.allow = Some(methods);
        self
    }

    /// The same, with a cause for the log. It is never shown.
    #[must_use]
    pub fn caused_by(mut self, cause: &dyn std::error::Error) -> Self {
        let mut chain = cause.to_string();
        let mut source = cause.source();
        while let Some(deeper) = source {
            chain.push_str(": ");
            chain.push_str(&deeper.to_string());
            source = deeper.source();
        }
        self.0.cause = Some(chain);
        self
    }

    /// What is wrong with the request.
    pub fn faults(&self) -> &[Fault] {
        &self.0.faults
    }

    /// The kind.
    pub fn kind(&self) -> &'static ProblemKind {
        self.0.kind
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("code", &self.0.kind.code)
            .field("detail", &self.0.detail)
            .field("faults", &self.0.faults)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.kind.code, self.0.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.kind.status
    }

    /// The status alone: the gate renders the document, since it knows the request.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.0.kind.status)
    }
}
