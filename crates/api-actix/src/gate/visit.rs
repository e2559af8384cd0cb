//! What is known of a request while it is here.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
};

use actix_web::{
    HttpMessage as _, HttpRequest,
    dev::ServiceRequest,
    http::{
        Method, Uri,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
};
use api_shared::request_id::is_request_id;
use app::{
    platform::AuthenticatedKey,
    ports::{IdGenerator, LimitDecision},
    traces::{self, Span, TraceContext, TraceId},
};
use domain::ids::OrganizationId;

use crate::{api::Api, problem::Occasion, routes::RouteId};

pub(super) static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// A request, from its arrival to its line in the log.
pub(crate) struct Visit {
    pub(super) request_id: HeaderValue,
    trace_id: Option<TraceId>,
    /// The trace that the client has begun.
    incoming: Option<TraceContext>,
    /// The part that the request is of its trace, until it is answered.
    part: RefCell<Span>,
    pub(super) origin: Option<HeaderValue>,
    pub(super) method: Method,
    /// Which route it is for; `None` when there is none at its path.
    pub(super) route: Option<RouteId>,
    pub(super) route_number: usize,
    /// The route as it is written in the contract.
    pub(super) pattern: &'static str,
    /// Its path as the router sees it: percent-encoding undone.
    pub(super) path: String,
    /// What was asked for as it was sent.
    uri: Uri,
    pub(super) limit: Cell<Option<LimitDecision>>,
    pub(super) key: OnceCell<Rc<AuthenticatedKey>>,
}

impl Visit {
    /// Notes what was counted, so that the client is told of it.
    pub(crate) fn note_limit(&self, decision: LimitDecision) {
        self.limit.set(Some(decision));
    }

    /// What is known from the start.
    pub(super) fn begin(request: &ServiceRequest, api: &Api) -> Rc<Self> {
        let headers = request.headers();
        let path = request.match_info().as_str();
        let route = api.surface.routes.find(path);
        let pattern = api.surface.routes.pattern(route);
        let incoming = incoming(headers);
        let part = traces::receive(pattern, incoming);
        Rc::new(Self {
            request_id: request_id(headers, api.ids.as_ref()),
            trace_id: part.trace_id(),
            incoming,
            part: RefCell::new(part),
            origin: api.settings.allowed_origins.admitted(headers),
            method: request.method().clone(),
            route,
            route_number: api.surface.routes.number(route),
            pattern,
            path: path.to_owned(),
            uri: request.uri().clone(),
            limit: Cell::new(None),
            key: OnceCell::new(),
        })
    }

    /// Notes by whose key it comes in.
    pub(super) fn admit(&self, key: AuthenticatedKey) {
        // It begins without a key, so there is none to replace.
        let _ = self.key.set(Rc::new(key));
        let part = self.take_part();
        let trusted = traces::trust(part, self.pattern, self.incoming);
        *self.part.borrow_mut() = trusted;
    }

    /// Lets a future run as a part of the trace.
    pub(super) fn traced<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        self.part.borrow().around(future)
    }

    /// The part that the request was of its trace: it is over.
    pub(super) fn take_part(&self) -> Span {
        self.part.take()
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
    pub(super) const fn trace_id(&self) -> Option<TraceId> {
        self.trace_id
    }

    pub(super) fn occasion(&self) -> Occasion {
        Occasion {
            instance: self.uri.path().to_owned(),
            request_id: self.request_id().to_owned(),
        }
    }

    /// What every line of the log between here and the answer stands under.
    pub(super) fn span(&self) -> tracing::Span {
        tracing::info_span!(
            target: "http",
            "request",
            request_id = self.request_id(),
            trace_id = self.trace_id().map(tracing::field::display),
        )
    }
}

/// The trace that the client has begun. Two headers name none.
fn incoming(headers: &HeaderMap) -> Option<TraceContext> {
    let mut sent = headers.get_all(&TRACEPARENT);
    match (sent.next(), sent.next()) {
        (Some(value), None) => TraceContext::parse(value.to_str().ok()?),
        _ => None,
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
