//! What is known of a request while it is here.

use std::{
    cell::{Cell, OnceCell},
    rc::Rc,
};

use actix_web::{
    HttpMessage as _, HttpRequest,
    dev::ServiceRequest,
    http::{
        Method,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
};
use app::{
    platform::AuthenticatedKey,
    ports::{IdGenerator, LimitDecision},
};
use domain::ids::OrganizationId;

use crate::{api::Api, problem::Occasion, routes::RouteId};

pub(super) static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// A request, from its arrival to its line in the log.
pub(crate) struct Visit {
    pub(super) request_id: HeaderValue,
    pub(super) traceparent: Option<HeaderValue>,
    pub(super) origin: Option<HeaderValue>,
    pub(super) method: Method,
    /// Which route it is for; `None` when there is none at its path.
    pub(super) route: Option<RouteId>,
    pub(super) route_number: usize,
    /// The route as it is written in the contract.
    pub(super) pattern: &'static str,
    pub(super) path: String,
    pub(super) limit: Cell<Option<LimitDecision>>,
    pub(super) key: OnceCell<Rc<AuthenticatedKey>>,
}

impl Visit {
    pub(super) fn begin(request: &ServiceRequest, api: &Api) -> Rc<Self> {
        let headers = request.headers();
        // The path as the router sees it: percent-encoding undone.
        let path = request.match_info().as_str();
        let route = api.surface.routes.find(path);
        Rc::new(Self {
            request_id: request_id(headers, api.ids.as_ref()),
            traceparent: headers
                .get(&TRACEPARENT)
                .filter(|value| is_traceparent(value))
                .cloned(),
            origin: api.settings.allowed_origins.admitted(headers),
            method: request.method().clone(),
            route,
            route_number: api.surface.routes.number(route),
            pattern: api.surface.routes.pattern(route),
            path: path.to_owned(),
            limit: Cell::new(None),
            key: OnceCell::new(),
        })
    }

    /// Lets the endpoint find it.
    pub(super) fn accompany(self: &Rc<Self>, request: &ServiceRequest) {
        request.extensions_mut().insert(Rc::clone(self));
    }

    /// The visit of a request that came through the gate.
    pub(crate) fn of(request: &HttpRequest) -> Option<Rc<Self>> {
        request.extensions().get::<Rc<Self>>().cloned()
    }

    /// The key that the request was admitted with.
    pub(crate) fn key(&self) -> Option<Rc<AuthenticatedKey>> {
        self.key.get().cloned()
    }

    pub(crate) fn organization_id(&self) -> Option<OrganizationId> {
        self.key.get().map(|key| key.organization_id)
    }

    pub(crate) fn request_id(&self) -> &str {
        self.request_id.to_str().unwrap_or_default()
    }

    /// The trace that the request is part of (W3C Trace Context): 32 hexadecimal digits.
    pub(super) fn trace_id(&self) -> Option<&str> {
        self.traceparent.as_ref()?.to_str().ok()?.get(3..35)
    }

    pub(super) fn occasion(&self) -> Occasion {
        Occasion {
            instance: self.path.clone(),
            request_id: self.request_id().to_owned(),
        }
    }

    /// What every line of the log between here and the answer stands under.
    pub(super) fn span(&self) -> tracing::Span {
        tracing::info_span!(
            target: "http",
            "request",
            request_id = self.request_id(),
            trace_id = self.trace_id(),
        )
    }
}

fn request_id(headers: &HeaderMap, ids: &dyn IdGenerator) -> HeaderValue {
    let sent = headers
        .get(&REQUEST_ID)
        .filter(|value| is_request_id(value.as_bytes()));
    sent.cloned().unwrap_or_else(|| {
        let mut buffer = [0; uuid::fmt::Hyphenated::LENGTH];
        let text = ids.new_id().hyphenated().encode_lower(&mut buffer);
        // Hexadecimal digits and hyphens are always a legal header value.
        HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
    })
}

fn is_request_id(value: &[u8]) -> bool {
    let is_welcome = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
    (1..=128).contains(&value.len()) && value.iter().all(is_welcome)
}

/// `version-traceid-parentid-flags` in lower case hexadecimal digits, where neither id is all zeros and the version is not
/// `ff`. Later versions may have more after the flags.
fn is_traceparent(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    let (Some(head), Some(rest)) = (bytes.get(..55), bytes.get(55..)) else {
        return false;
    };
    let is_well_formed = head.iter().enumerate().all(|(at, byte)| match at {
        2 | 35 | 52 => *byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    });
    let is_zero = |range: std::ops::Range<usize>| {
        head.get(range)
            .is_some_and(|id| id.iter().all(|byte| *byte == b'0'))
    };
    let is_complete = match head.get(..2) {
        Some(b"ff") => false,
        Some(b"00") => rest.is_empty(),
        _ => rest.is_empty() || rest.starts_with(b"-"),
    };
    is_well_formed && is_complete && !is_zero(3..35) && !is_zero(36..52)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    #[case("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", true)]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false)]
    #[case("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false)]
    #[case("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false)]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false)]
    #[case("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false)]
    #[case("", false)]
    fn trace_contexts_are_checked(#[case] raw: &str, #[case] is_valid: bool) {
        assert_eq!(
            is_traceparent(&HeaderValue::from_str(raw).unwrap()),
            is_valid
        );
    }

    #[rstest]
    #[case("a-B_3.", true)]
    #[case("", false)]
    #[case("a b", false)]
    #[case("a/b", false)]
    fn request_ids_have_few_characters(#[case] raw: &str, #[case] is_valid: bool) {
        assert_eq!(is_request_id(raw.as_bytes()), is_valid);
    }

    #[test]
    fn request_ids_end_at_128_characters() {
        assert!(is_request_id(&[b'a'; 128]));
        assert!(!is_request_id(&[b'a'; 129]));
    }
}
