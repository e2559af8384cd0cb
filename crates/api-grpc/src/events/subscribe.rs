//! `EventService.Subscribe`

use api_shared::events::{FEED, event_filter, place_of};
use app::{events::EventPosition, paging::Window};

use super::{Stories, follower::Follower};
use crate::{
    call::{Call, Denied, Reply},
    document::{Asks, Parameters},
    proto::v1::SubscribeRequest,
};

impl Asks for SubscribeRequest {
    const LIST: &'static str = FEED;

    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .texts("type", &self.r#type)
            .text("aggregate_type", self.aggregate_type.as_ref())
            .text("aggregate_id", self.aggregate_id.as_ref())
            .instant("from", self.from.as_ref())
            .instant("to", self.to.as_ref())
            .text("cursor", self.cursor.as_ref())
            .all()
    }
}

pub(super) async fn subscribe(call: Call<SubscribeRequest>) -> Result<Reply<Stories>, Denied> {
    let (filter, window) = call.read(|input| {
        input.query(|query| {
            let filter = event_filter(query);
            let window = query.window();
            Some((filter?, window?))
        })
    })?;
    let begun = match window {
        Window::After { position, .. } => position,
        // Messages have no pages.
        Window::Page { .. } => None,
    };
    let after = match begun {
        Some(position) => place_of(Some(position)),
        None if call.message.from_beginning => EventPosition::START,
        None => call.api.events.log.end().await?,
    };
    let follower = Follower::new(call, filter, after);
    Ok(Reply::fresh(Box::pin(follower.follow())))
}
