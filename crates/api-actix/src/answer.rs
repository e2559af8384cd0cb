//! Answers: what an endpoint says when it has done what it was asked.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, Responder,
    body::BoxBody,
    http::{
        Method, StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
};
use api_shared::seal::Seal;
use bytes::Bytes;
use domain::version::Version;
use serde::Serialize;

use crate::{
    input::{SeenTags, tag_of},
    problem::{Occasion, Problem},
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
static REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A status, some headers and a body; can be stored and given again, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
    version: Option<Version>,
    is_secret: bool,
}

/// A stored answer cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored answer cannot be read")]
pub(crate) struct Unreadable;

const USUAL_BODY_BYTES: usize = 1_536;

impl Answer {
    /// 200 with something that has no version, such as a list.
    pub fn ok(body: &impl Serialize) -> Self {
        // Most bodies fit, and nothing is copied when the buffer becomes the body.
        let mut json = Vec::with_capacity(USUAL_BODY_BYTES);
        match serde_json::to_writer(&mut json, body) {
            Ok(()) => Self {
                status: StatusCode::OK,
                headers: vec![(header::CONTENT_TYPE, JSON)],
                body: json.into(),
                version: None,
                is_secret: false,
            },
            Err(error) => {
                tracing::error!(%error, "an answer could not be written as JSON");
                Self::empty(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    /// 200 with a single resource and its tag; 304 when the client has this version already.
    pub fn single(version: Version, body: &impl Serialize) -> Self {
        let mut answer = Self::ok(body);
        answer.headers.push((header::ETAG, tag_of(version)));
        answer.version = Some(version);
        answer
    }

    /// The same whatever the client has seen before: it has more in it than the tag tells of.
    #[must_use]
    pub fn always_whole(mut self) -> Self {
        self.version = None;
        self
    }

    /// 201 with what was made, its tag and where it is from now on (an absolute path).
    pub fn created(location: &str, version: Version, body: &impl Serialize) -> Self {
        let created = Self::single(version, body).with_status(StatusCode::CREATED);
        created.with_location(location)
    }

    /// 202 with what goes on in the background, and where it is seen (an absolute path).
    pub fn accepted(location: &str, body: &impl Serialize) -> Self {
        let accepted = Self::ok(body).with_status(StatusCode::ACCEPTED);
        accepted.with_location(location)
    }

    /// 200 with a picture.
    pub fn picture(media_type: &'static str, drawn: impl Into<Bytes>) -> Self {
        let mut answer = Self::empty(StatusCode::OK);
        let media_type = HeaderValue::from_static(media_type);
        answer.headers = vec![(header::CONTENT_TYPE, media_type)];
        answer.body = drawn.into();
        answer
    }

    fn with_location(mut self, location: &str) -> Self {
        if let Ok(location) = HeaderValue::from_str(location) {
            self.headers.push((header::LOCATION, location));
        }
        self
    }

    /// The same with another status.
    #[must_use]
    pub const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The status.
    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }

    /// 204.
    pub fn no_content() -> Self {
        Self::empty(StatusCode::NO_CONTENT)
    }

    fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            version: None,
            is_secret: false,
        }
    }

    /// A refusal.
    pub(crate) fn refusal(problem: &Problem, occasion: &Occasion) -> Self {
        Self {
            status: problem.status(),
            headers: problem.headers(),
            body: problem.document(occasion).into(),
            version: None,
            is_secret: false,
        }
    }

    /// The same with a `Link` header (RFC 8288) of those relations that there are.
    pub(crate) fn with_links(mut self, links: &[(&str, Option<String>)]) -> Self {
        let spelt: Vec<String> = links
            .iter()
            .filter_map(|(relation, uri)| Some(format!("<{}>; rel=\"{relation}\"", uri.as_ref()?)))
            .collect();
        if let (false, Ok(value)) = (spelt.is_empty(), HeaderValue::from_str(&spelt.join(", "))) {
            self.headers.push((header::LINK, value));
        }
        self
    }

    /// The same, marked as the answer to an earlier request.
    pub(crate) fn replayed(mut self) -> Self {
        self.headers
            .push((REPLAYED.clone(), HeaderValue::from_static("true")));
        self
    }

    /// The same, not to be read by anybody but the client: where it is stored, it is stored under seal.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.is_secret = true;
        self
    }

    /// How long its body is.
    pub(crate) fn body_bytes(&self) -> usize {
        self.body.len()
    }

    /// The answer as it is stored.
    pub(crate) fn to_stored(&self, seal: &Seal) -> Vec<u8> {
        if self.is_secret {
            let mut stored = vec![SEALED];
            stored.extend(seal.close(&self.to_bytes()));
            stored
        } else {
            self.to_bytes()
        }
    }

    /// Reads a stored answer.
    pub(crate) fn from_stored(stored: &[u8], seal: &Seal) -> Result<Self, Unreadable> {
        match stored.split_first() {
            Some((&SEALED, sealed)) => Self::from_bytes(&seal.open(sealed).ok_or(Unreadable)?),
            Some(_) | None => Self::from_bytes(stored),
        }
    }

    /// The format, the status, each header with its lengths, and the body.
    fn to_bytes(&self) -> Vec<u8> {
        let mut stored = vec![PLAIN];
        stored.extend(self.status.as_u16().to_be_bytes());
        stored.push(u8::try_from(self.headers.len()).unwrap_or(u8::MAX));
        for (name, value) in self.headers.iter().take(usize::from(u8::MAX)) {
            for part in [name.as_str().as_bytes(), value.as_bytes()] {
                // Our own headers are far shorter; a longer one would be cut rather than break the format.
                let length = u16::try_from(part.len()).unwrap_or(u16::MAX);
                stored.extend(length.to_be_bytes());
                stored.extend(part.iter().take(usize::from(length)));
            }
        }
        stored.extend(&self.body);
        stored
    }

    fn from_bytes(stored: &[u8]) -> Result<Self, Unreadable> {
        let mut rest = Stored(stored);
        if rest.byte()? != PLAIN {
            return Err(Unreadable);
        }
        let status = StatusCode::from_u16(rest.length()?).map_err(|_| Unreadable)?;
        let mut headers = Vec::new();
        for _ in 0..rest.byte()? {
            let name = HeaderName::from_bytes(rest.part()?).map_err(|_| Unreadable)?;
            let value = HeaderValue::from_bytes(rest.part()?).map_err(|_| Unreadable)?;
            headers.push((name, value));
        }
        Ok(Self {
            status,
            headers,
            body: Bytes::copy_from_slice(rest.0),
            version: None,
            is_secret: false,
        })
    }

    /// The response.
    pub(crate) fn into_response(self) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status);
        for header in self.headers {
            response.insert_header(header);
        }
        response.body(self.body)
    }

    fn is_seen(&self, request: &HttpRequest) -> bool {
        let tags = || SeenTags::read(request.headers(), header::IF_NONE_MATCH);
        *request.method() == Method::GET
            && self
                .version
                .is_some_and(|version| tags().is_some_and(|seen| seen.include(version)))
    }
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(mut self, request: &HttpRequest) -> HttpResponse {
        if self.is_seen(request) {
            self.status = StatusCode::NOT_MODIFIED;
            self.headers
                .retain(|(name, _)| *name != header::CONTENT_TYPE);
            self.body = Bytes::new();
        }
        self.into_response()
    }
}

const PLAIN: u8 = 1;
const SEALED: u8 = 2;

struct Stored<'a>(&'a [u8]);

impl<'a> Stored<'a> {
    fn byte(&mut self) -> Result<u8, Unreadable> {
        let (byte, rest) = self.0.split_first().ok_or(Unreadable)?;
        self.0 = rest;
        Ok(*byte)
    }

    fn length(&mut self) -> Result<u16, Unreadable> {
        let (length, rest) = self.0.split_first_chunk().ok_or(Unreadable)?;
        self.0 = rest;
        Ok(u16::from_be_bytes(*length))
    }

    fn part(&mut self) -> Result<&'a [u8], Unreadable> {
        let length = usize::from(self.length()?);
        let (part, rest) = self.0.split_at_checked(length).ok_or(Unreadable)?;
        self.0 = rest;
        Ok(part)
    }
}

#[cfg(test)]
mod tests;
