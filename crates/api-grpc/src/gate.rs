//! The gate: what happens to every call before and after its rpc.
//!
//! It gives the call an id, keeps strangers out, sees that an answer comes in time and has details when it is a refusal,
//! counts, and writes one line to the log.

mod accounted;
mod bare;
mod deadline;
mod report;
mod visit;

use std::{
    net::IpAddr,
    sync::Arc,
    task::{Context, Poll},
};

use api_shared::{
    problem::{
        Refusal,
        catalogue::{DEADLINE_EXCEEDED, INTERNAL_ERROR},
    },
    run::{Unanswered, guarded},
};
use futures_util::future::BoxFuture;
use http::{Request, Response};
use tonic::body::Body;
use tower::{Layer, Service};
use tracing::Instrument as _;

pub(crate) use self::visit::Visit;
use self::{accounted::Accounted, deadline::Deadline};
use crate::{api::GrpcApi, rpcs, status::status_of};

/// Wraps services in the gate.
#[derive(Clone)]
pub(crate) struct Gate(pub(crate) Arc<GrpcApi>);

impl<S> Layer<S> for Gate {
    type Service = GateService<S>;

    fn layer(&self, inner: S) -> GateService<S> {
        let api = Arc::clone(&self.0);
        GateService { api, inner }
    }
}

/// Services behind the gate.
#[derive(Clone)]
pub(crate) struct GateService<S> {
    api: Arc<GrpcApi>,
    inner: S,
}

impl<S> Service<Request<Body>> for GateService<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<Body>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // tonic counts from now on, too; whoever is first here is first there.
        let deadline = Deadline::of(request.headers(), self.api.settings.call_max);
        let visit = Visit::begin(&request, &self.api, deadline);
        // The one that is ready serves; its clone waits for the next.
        let ready = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, ready);
        let api = Arc::clone(&self.api);
        Box::pin(async move { pass(&api, inner, request, visit).await })
    }
}

async fn pass<S>(
    api: &GrpcApi,
    mut inner: S,
    mut request: Request<Body>,
    visit: Arc<Visit>,
) -> Result<Response<Body>, S::Error>
where
    S: Service<Request<Body>, Response = Response<Body>> + Send,
    S::Future: Send,
    S::Error: Send,
{
    let address = visit::client_address(&request, &api.settings.trusted_proxies);
    let served = async {
        visit.traced(admit(api, address, &visit)).await?;
        request.extensions_mut().insert(Arc::clone(&visit));
        let calling = async move { inner.call(request).await };
        Ok(visit.traced(calling).await)
    };
    let guarded = guarded(visit.deadline().left(), || served);
    let answered = guarded.instrument(visit.span()).await;
    let mut response = match answered {
        Ok(Ok(answered)) => bare::explained(answered?, visit.request_id()),
        Ok(Err(refusal)) => refused(&refusal, &visit),
        Err(Unanswered::TimedOut) => refused(&Refusal::of(&DEADLINE_EXCEEDED), &visit),
        Err(Unanswered::Panicked) => refused(&Refusal::of(&INTERNAL_ERROR), &visit),
    };
    visit.dress(response.headers_mut());
    Ok(Accounted::watch(response, visit))
}

fn refused(refusal: &Refusal, visit: &Visit) -> Response<Body> {
    status_of(refusal, visit.request_id()).into_http()
}

async fn admit(api: &GrpcApi, address: IpAddr, visit: &Visit) -> Result<(), Refusal> {
    if !rpcs::needs_key(visit.path()) {
        return Ok(());
    }
    let admission = api.doorkeeper.admit(visit.shown(), address).await;
    visit.identify(admission.key, admission.limit);
    admission.outcome
}
