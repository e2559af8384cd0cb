//! What is known of a call while it is here.

use std::{
    mem,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Instant,
};

use api_shared::{
    doorkeeper::bearer, rate_limit, request_id::is_request_id, trusted_proxies::TrustedProxies,
};
use app::{
    platform::AuthenticatedKey,
    ports::{IdGenerator, LimitDecision},
    traces::{self, Span, TraceContext, TraceId},
};
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use tonic::{body::Body, transport::server::TcpConnectInfo};

use super::deadline::Deadline;
use crate::{
    api::GrpcApi,
    rpcs::{self, Rpc},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// A call, from its arrival to its line in the log.
pub(crate) struct Visit {
    begun: Instant,
    request_id: String,
    trace_id: Option<TraceId>,
    /// The trace that the client has begun.
    incoming: Option<TraceContext>,
    /// The part that the call is of its trace, until it is over.
    span: Mutex<Span>,
    path: String,
    rpc: &'static Rpc,
    deadline: Deadline,
    secret: Option<String>,
    found: OnceLock<Found>,
}

/// What was found out at the door.
#[derive(Default)]
struct Found {
    key: Option<Arc<AuthenticatedKey>>,
    limit: Option<LimitDecision>,
}

impl Visit {
    pub(super) fn begin(request: &Request<Body>, api: &GrpcApi, deadline: Deadline) -> Arc<Self> {
        let headers = request.headers();
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let rpc = rpcs::find(request.uri().path());
        let incoming = text("traceparent").and_then(TraceContext::parse);
        let span = traces::receive(rpc.method.as_str(), incoming);
        Arc::new(Self {
            begun: Instant::now(),
            request_id: request_id(text("x-request-id"), api.ids.as_ref()),
            trace_id: span.trace_id(),
            incoming,
            span: Mutex::new(span),
            path: request.uri().path().to_owned(),
            rpc,
            deadline,
            secret: secret(headers).map(str::to_owned),
            found: OnceLock::new(),
        })
    }

    /// The id of the call that a request came with.
    pub(crate) fn id_of<M>(request: &tonic::Request<M>) -> String {
        let visit = request.extensions().get::<Arc<Self>>();
        visit.map_or_else(String::new, |visit| visit.request_id.clone())
    }

    /// Notes what was found out at the door. Only once: a visit begins with nothing known.
    pub(super) fn identify(&self, key: Option<AuthenticatedKey>, limit: Option<LimitDecision>) {
        if key.is_some() {
            let mut span = self.open_span();
            let received = mem::take(&mut *span);
            *span = traces::trust(received, self.rpc.method.as_str(), self.incoming);
        }
        self.found.get_or_init(|| Found {
            key: key.map(Arc::new),
            limit,
        });
    }

    /// The key that the call was admitted with.
    pub(crate) fn key(&self) -> Option<Arc<AuthenticatedKey>> {
        self.found.get()?.key.clone()
    }

    /// What it has shown at the door.
    pub(crate) fn shown(&self) -> Option<&str> {
        self.secret.as_deref()
    }

    pub(crate) fn request_id(&self) -> &str {
        &self.request_id
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn rpc(&self) -> &'static Rpc {
        self.rpc
    }

    pub(crate) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn begun(&self) -> Instant {
        self.begun
    }

    /// The trace that the call is part of (W3C Trace Context): 32 hexadecimal digits.
    pub(super) const fn trace_id(&self) -> Option<TraceId> {
        self.trace_id
    }

    /// Lets a future run as a part of the trace.
    pub(super) fn traced<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        self.open_span().around(future)
    }

    /// The part that the call was of its trace: it is over.
    pub(super) fn take_span(&self) -> Span {
        mem::take(&mut self.open_span())
    }

    fn open_span(&self) -> MutexGuard<'_, Span> {
        self.span.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What every line of the log between here and the answer stands under.
    pub(super) fn span(&self) -> tracing::Span {
        tracing::info_span!(
            target: "grpc",
            "call",
            request_id = self.request_id(),
            trace_id = self.trace_id().map(tracing::field::display),
        )
    }

    /// Sets the metadata that every answer has.
    pub(super) fn dress(&self, headers: &mut HeaderMap) {
        let mut put = |name: HeaderName, text: &[u8]| {
            // Ids of requests and numbers are always legal header values.
            if let Ok(value) = HeaderValue::from_bytes(text) {
                headers.insert(name, value);
            }
        };
        put(REQUEST_ID, self.request_id.as_bytes());
        if let Some(decision) = self.found.get().and_then(|found| found.limit) {
            put(RATE_LIMIT, &rate_limit::standing(&decision));
            put(RATE_LIMIT_POLICY, rate_limit::policy(&decision).as_bytes());
        }
    }
}

fn request_id(sent: Option<&str>, ids: &dyn IdGenerator) -> String {
    let sent = sent.filter(|value| is_request_id(value.as_bytes()));
    sent.map_or_else(|| ids.new_id().hyphenated().to_string(), str::to_owned)
}

/// Where a call comes from.
pub(super) fn client_address(request: &Request<Body>, proxies: &TrustedProxies) -> IpAddr {
    let peer = request.extensions().get::<TcpConnectInfo>();
    let peer = peer.and_then(TcpConnectInfo::remote_addr);
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip());
    let forwarded = request.headers().get_all("x-forwarded-for");
    let forwarded = forwarded
        .iter()
        .map(|value| value.to_str().unwrap_or_default());
    proxies.client_address(peer, forwarded)
}

/// The secret of the one `authorization` in the metadata.
fn secret(headers: &HeaderMap) -> Option<&str> {
    let mut sent = headers.get_all(http::header::AUTHORIZATION).iter();
    match (sent.next(), sent.next()) {
        (Some(value), None) => bearer(value.to_str().ok()?),
        _ => None,
    }
}
