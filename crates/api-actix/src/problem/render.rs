//! Spelling a problem out.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{self, HeaderValue},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Fault, Place, Problem, catalogue::UNAUTHENTICATED};

pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// The request that a problem occurred in.
#[derive(Debug, Clone)]
pub(crate) struct Occasion {
    /// Its path.
    pub(crate) instance: String,
    /// Its id.
    pub(crate) request_id: String,
}

/// A problem document (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "/problems/validation-failed",
    "title": "Validation failed",
    "status": 400,
    "code": "validation_failed",
    "detail": "/items/0/quantity must be greater than 0",
    "instance": "/api/v1/invoices",
    "request_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "errors": [{"pointer": "/items/0/quantity", "code": "out_of_range", "message": "must be greater than 0"}],
}))]
pub struct ProblemBody<'a> {
    /// Where this kind of problem is explained, relative to the service.
    #[schema(format = "uri-reference")]
    pub r#type: String,
    /// The kind of problem in words.
    pub title: &'a str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// A stable word for the kind of problem: what programs decide by.
    #[schema(pattern = "^[a-z][a-z0-9_]*$")]
    pub code: &'a str,
    /// What went wrong this time, for a person.
    pub detail: &'a str,
    /// The path of the request.
    pub instance: &'a str,
    /// The id of the request, under which the log knows more.
    pub request_id: &'a str,
    /// Everything that is wrong with the request.
    pub errors: Vec<FaultBody<'a>>,
}

/// One thing that is wrong with a request; one of `pointer`, `parameter` and `header` says where.
#[derive(Serialize, ToSchema)]
#[schema(as = ProblemError)]
pub struct FaultBody<'a> {
    /// A JSON pointer (RFC 6901) into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pointer: Option<&'a str>,
    /// The name of a query or path parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub parameter: Option<&'a str>,
    /// The name of a header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub header: Option<&'a str>,
    /// A stable word for what is wrong.
    pub code: &'a str,
    /// The same for a person.
    pub message: &'a str,
}

impl<'a> From<&'a Fault> for FaultBody<'a> {
    fn from(fault: &'a Fault) -> Self {
        let mut body = Self {
            pointer: None,
            parameter: None,
            header: None,
            code: fault.code,
            message: &fault.message,
        };
        match &fault.place {
            Place::Pointer(pointer) => body.pointer = Some(pointer),
            Place::Parameter(name) => body.parameter = Some(name),
            Place::Header(name) => body.header = Some(name),
        }
        body
    }
}

impl Problem {
    /// The document. The cause, if there is one, is logged here under the id of the request.
    pub(crate) fn document(&self, occasion: &Occasion) -> Vec<u8> {
        let kind = self.kind();
        if let Some(cause) = self.refusal.cause() {
            let (request_id, code) = (occasion.request_id.as_str(), kind.code);
            tracing::error!(request_id, code, cause, "a request failed");
        }
        let body = ProblemBody {
            r#type: kind.path(),
            title: kind.title,
            status: kind.status.as_u16(),
            code: kind.code,
            detail: self.refusal.detail(),
            instance: &occasion.instance,
            request_id: &occasion.request_id,
            errors: self.faults().iter().map(FaultBody::from).collect(),
        };
        serde_json::to_vec(&body).unwrap_or_default()
    }

    /// The headers that go with it, `Content-Type` first.
    pub(crate) fn headers(&self) -> Vec<(header::HeaderName, HeaderValue)> {
        let mut headers = vec![(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON))];
        if let Some(seconds) = self.refusal.retry_after_seconds() {
            headers.push((header::RETRY_AFTER, HeaderValue::from(seconds)));
        }
        if let Some(methods) = &self.allow {
            headers.push((header::ALLOW, methods.clone()));
        }
        if *self.kind() == UNAUTHENTICATED {
            headers.push((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        headers
    }

    /// The whole response.
    pub(crate) fn response(&self, occasion: &Occasion) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status());
        for header in self.headers() {
            response.insert_header(header);
        }
        response.body(self.document(occasion))
    }
}
