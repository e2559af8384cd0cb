//! `tallystick.v1.EventService`

mod follower;
mod subscribe;

use std::{pin::Pin, sync::Arc};

use async_trait::async_trait;
use domain::platform::{Access, Resource, Scope};
use futures_util::Stream;
use tonic::{Request, Response, Status};

use crate::{
    api::GrpcApi,
    proto::v1::{SubscribeRequest, SubscribeResponse, event_service_server::EventService},
};

const READ: Scope = Scope::Of(Resource::Events, Access::Read);

/// What a subscriber gets, one after the other.
type Stories = Pin<Box<dyn Stream<Item = Result<SubscribeResponse, Status>> + Send>>;

/// Events.
pub(crate) struct Events(pub(crate) Arc<GrpcApi>);

#[async_trait]
impl EventService for Events {
    type SubscribeStream = Stories;

    async fn subscribe(
        &self,
        request: Request<SubscribeRequest>,
    ) -> Result<Response<Stories>, Status> {
        self.0.answer(request, READ, subscribe::subscribe).await
    }
}
