//! The body of an answer, which tells what became of the call when it ends.
//!
//! A call that succeeds says so in its trailers, and one that streams goes on for as long as its body does; so the line in
//! the log is written when the body is over, or when the client goes away before that.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{HeaderMap, Response};
use http_body::{Frame, SizeHint};
use tonic::{Code, body::Body};

use super::{Visit, report};

const STATUS: &str = "grpc-status";

/// A body whose end is noted.
pub(super) struct Accounted {
    inner: Body,
    visit: Arc<Visit>,
    /// `None` once it was noted.
    outcome: Option<Code>,
}

impl Accounted {
    /// Notes the end of this answer.
    pub(super) fn watch(response: Response<Body>, visit: Arc<Visit>) -> Response<Body> {
        // Said at once, or else in the trailers; and if those never come, the client has gone.
        let said = code_in(response.headers());
        response.map(|inner| {
            let mut body = Self {
                inner,
                visit,
                outcome: Some(said.unwrap_or(Code::Cancelled)),
            };
            if said.is_some() {
                body.note();
            }
            Body::new(body)
        })
    }

    fn note(&mut self) {
        if let Some(code) = self.outcome.take() {
            report::finished(&self.visit, code);
        }
    }
}

impl http_body::Body for Accounted {
    type Data = <Body as http_body::Body>::Data;
    type Error = <Body as http_body::Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        let trailers = match &frame {
            Some(Ok(frame)) => frame.trailers_ref(),
            Some(Err(_)) | None => None,
        };
        if let Some(code) = trailers.and_then(code_in) {
            self.outcome = self.outcome.map(|_presumed| code);
            self.note();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Accounted {
    fn drop(&mut self) {
        self.note();
    }
}

fn code_in(headers: &HeaderMap) -> Option<Code> {
    let status = headers.get(STATUS)?;
    Some(Code::from_bytes(status.as_bytes()))
}
