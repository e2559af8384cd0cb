//! Taking the body from the wire: not too much, not too slowly, and only what can be read.

use std::time::Duration;

use actix_web::{
    HttpRequest,
    dev::Payload,
    error::PayloadError,
    http::header::{self, HeaderMap},
};
use api_shared::run::within;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use crate::problem::{
    Problem,
    catalogue::{
        BODY_TIMEOUT, BODY_TOO_LARGE, MALFORMED_JSON, MALFORMED_REQUEST, UNSUPPORTED_MEDIA_TYPE,
    },
};

/// The largest body that is read: 1 MiB.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// A body, and whether it says that it is what we can read.
#[derive(Debug, Default)]
pub(super) struct Body {
    bytes: Bytes,
    is_json: bool,
}

impl Body {
    /// Takes the body of a request.
    pub(super) async fn take(
        http: &HttpRequest,
        payload: Payload,
        time_limit: Duration,
    ) -> Result<Self, Problem> {
        let announced = http.headers().get(header::CONTENT_LENGTH);
        let announced = announced.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > BODY_BYTES_MAX) {
            return Err(Problem::of(&BODY_TOO_LARGE));
        }
        let bytes = within(time_limit, collect(payload)).await;
        Ok(Self {
            bytes: bytes.ok_or_else(|| Problem::of(&BODY_TIMEOUT))??,
            is_json: is_json(http.headers()),
        })
    }

    /// As it came.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether there is none.
    pub(super) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The text of a JSON document.
    pub(super) fn text(&self) -> Result<&str, Problem> {
        if self.bytes.is_empty() {
            Err(Problem::of(&MALFORMED_JSON).because("the body is empty, a JSON object is needed"))
        } else if self.is_json {
            std::str::from_utf8(&self.bytes)
                .map_err(|_invalid| Problem::of(&MALFORMED_JSON).because("the body is not UTF-8"))
        } else {
            Err(Problem::of(&UNSUPPORTED_MEDIA_TYPE))
        }
    }
}

async fn collect(mut payload: Payload) -> Result<Bytes, Problem> {
    let mut first = Bytes::new();
    let mut more = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| broken_off(&error))?;
        if first.len() + more.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(Problem::of(&BODY_TOO_LARGE));
        }
        if first.is_empty() && more.is_empty() {
            first = chunk;
        } else {
            more.extend_from_slice(&std::mem::take(&mut first));
            more.extend_from_slice(&chunk);
        }
    }
    Ok(if more.is_empty() {
        first
    } else {
        more.freeze()
    })
}

fn broken_off(error: &PayloadError) -> Problem {
    match error {
        PayloadError::Overflow => Problem::of(&BODY_TOO_LARGE),
        _ => Problem::of(&MALFORMED_REQUEST).because("the body ended before it was complete"),
    }
}

/// `application/json`, perhaps with `charset=utf-8`, and not encoded further.
fn is_json(headers: &HeaderMap) -> bool {
    let is_identity = headers
        .get_all(header::CONTENT_ENCODING)
        .all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let mut types = headers.get_all(header::CONTENT_TYPE);
    let (Some(content_type), None) = (types.next(), types.next()) else {
        return false;
    };
    let Ok(content_type) = content_type.to_str() else {
        return false;
    };
    let mut parts = content_type.split(';').map(str::trim);
    let is_json = parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    is_identity && is_json && parts.all(is_utf8_charset)
}

fn is_utf8_charset(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        let value = value.trim_matches('"');
        name.eq_ignore_ascii_case("charset") && value.eq_ignore_ascii_case("utf-8")
    })
}
