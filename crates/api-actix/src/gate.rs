//! The gate: what happens to every request before and after its endpoint.
//!
//! It gives the request an id, finds its route, keeps strangers out, sees that an answer comes in time and is a problem
//! document when it is a refusal, sets the headers that every answer has, counts, and writes one line to the log.

pub(crate) mod accept;
mod admission;
mod cors;
mod dress;
mod meters;
mod report;
mod visit;

use std::{
    future::{Ready, ready},
    rc::Rc,
    sync::Arc,
    time::Instant,
};

use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
    error::InternalError,
    http::Method,
};
use api_shared::run::{self, Unanswered};
use futures_util::future::LocalBoxFuture;
use tracing::Instrument as _;

pub(crate) use self::admission::{API_PREFIX, client_address, is_counted};
pub use self::cors::{AllowedOrigins, NotAnOrigin};
pub(crate) use self::visit::Visit;
use self::{admission::Admission, meters::Meters};
use crate::{
    api::Api,
    problem::{
        Problem,
        catalogue::{DEADLINE_EXCEEDED, INTERNAL_ERROR},
    },
};

/// Wraps an application in the gate.
pub(crate) struct Gate(pub(crate) Arc<Api>);

impl<S, B> Transform<S, ServiceRequest> for Gate
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type InitError = ();
    type Transform = GateService<S>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        let keeper = Keeper {
            admission: Admission::new(Arc::clone(&self.0)),
            meters: Meters::for_routes(&self.0.surface.routes),
            api: Arc::clone(&self.0),
            service,
        };
        ready(Ok(GateService(Rc::new(keeper))))
    }
}

/// An application behind the gate.
pub(crate) struct GateService<S>(Rc<Keeper<S>>);

impl<S, B> Service<ServiceRequest> for GateService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Error>>;

    fn poll_ready(
        &self,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Error>> {
        self.0.service.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let keeper = Rc::clone(&self.0);
        Box::pin(async move { keeper.pass(request).await })
    }
}

struct Keeper<S> {
    api: Arc<Api>,
    admission: Admission,
    meters: Meters,
    service: S,
}

impl<S, B> Keeper<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    async fn pass(&self, request: ServiceRequest) -> Result<ServiceResponse<EitherBody<B>>, Error> {
        let begun = Instant::now();
        let visit = Visit::begin(&request, &self.api);
        let answered = if cors::is_preflight(&request, &self.api.settings.allowed_origins) {
            let response = cors::preflight(self.api.surface.routes.allowed(visit.route));
            Ok(request.into_response(response).map_into_right_body())
        } else {
            self.answer(request, &visit).await
        };
        match answered {
            Ok(mut response) => {
                let status = response.status();
                dress::headers(response.headers_mut(), &visit, &self.api.settings);
                self.meters.count(&visit, status, begun.elapsed());
                report::finished(&visit, status, begun.elapsed());
                report::traced(&visit, status);
                Ok(response)
            }
            Err(problem) => {
                let mut response = problem.response(&visit.occasion());
                let status = response.status();
                dress::headers(response.headers_mut(), &visit, &self.api.settings);
                self.meters.count(&visit, status, begun.elapsed());
                report::finished(&visit, status, begun.elapsed());
                report::traced(&visit, status);
                Err(InternalError::from_response("unanswered", response).into())
            }
        }
    }

    /// Has an answer in time, whatever takes so long. The error is a problem whose request is gone.
    async fn answer(
        &self,
        mut request: ServiceRequest,
        visit: &Rc<Visit>,
    ) -> Result<ServiceResponse<EitherBody<B>>, Problem> {
        let answer = run::guarded(self.api.settings.request_max, || async move {
            let admitted = self.admission.admit(&mut request, visit);
            match visit.traced(admitted).await {
                Ok(()) => visit.traced(self.serve(request, visit)).await,
                Err(problem) => {
                    let response = problem.response(&visit.occasion());
                    Ok(request.into_response(response).map_into_right_body())
                }
            }
        });
        match answer.instrument(visit.span()).await {
            Ok(answered) => answered,
            Err(Unanswered::TimedOut) => Err(Problem::of(&DEADLINE_EXCEEDED)),
            Err(Unanswered::Panicked) => Err(Problem::of(&INTERNAL_ERROR)),
        }
    }

    /// Lets the endpoint answer.
    async fn serve(
        &self,
        mut request: ServiceRequest,
        visit: &Rc<Visit>,
    ) -> Result<ServiceResponse<EitherBody<B>>, Problem> {
        if visit.method == Method::HEAD {
            // The connection leaves out the body of an answer to HEAD.
            request.head_mut().method = Method::GET;
        }
        visit.accompany(&request);
        match self.service.call(request).await {
            Ok(response) if visit.method == Method::HEAD => {
                Ok(dress::without_stream(dress::refusal(response, visit)))
            }
            Ok(response) => Ok(dress::refusal(response, visit)),
            Err(error) => Err(dress::problem_of(&error)),
        }
    }
}

#[cfg(test)]
mod tests;
