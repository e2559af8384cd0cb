//! `grpc.health.v1.Health`: whether calls may come.

use std::{pin::Pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::{Stream, StreamExt as _, stream};
use tonic::{Request, Response, Status};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus,
    health_server::Health,
};

use crate::{api::GrpcApi, rpcs};

/// How often it is looked whether a watched answer has changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Tells whether calls may come.
#[async_trait]
pub trait Readiness: Send + Sync {
    /// Whether the database answers, and the service is not about to stop. MUST be answered from memory for a second.
    async fn is_ready(&self) -> bool;
}

/// Answers for the whole process and for each of its services, which are ready together.
pub(crate) struct HealthService(pub(crate) Arc<GrpcApi>);

type Answers = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

#[async_trait]
impl Health for HealthService {
    type WatchStream = Answers;

    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let service = request.into_inner().service;
        if !is_known(&service) {
            return Err(Status::not_found("there is no such service"));
        }
        let status = serving(&self.0).await;
        Ok(Response::new(answer(status)))
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Answers>, Status> {
        let service = request.into_inner().service;
        let is_known = is_known(&service);
        let watching = Watching {
            api: Arc::clone(&self.0),
            is_known,
            told: None,
        };
        let changes = stream::unfold(watching, |mut watching| async move {
            let status = watching.change().await;
            Some((Ok(answer(status)), watching))
        });
        let closed = self.0.closing.clone().cancelled_owned();
        Ok(Response::new(Box::pin(changes.take_until(closed))))
    }
}

/// Somebody who wants to hear of changes.
struct Watching {
    api: Arc<GrpcApi>,
    is_known: bool,
    told: Option<ServingStatus>,
}

impl Watching {
    /// What has not been told yet.
    async fn change(&mut self) -> ServingStatus {
        loop {
            let status = if self.is_known {
                serving(&self.api).await
            } else {
                ServingStatus::ServiceUnknown
            };
            if self.told != Some(status) {
                self.told = Some(status);
                return status;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

async fn serving(api: &GrpcApi) -> ServingStatus {
    if api.readiness.is_ready().await {
        ServingStatus::Serving
    } else {
        ServingStatus::NotServing
    }
}

fn answer(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse {
        status: status.into(),
    }
}

/// The empty name is that of the whole process.
fn is_known(service: &str) -> bool {
    service.is_empty() || rpcs::has_service(service)
}
