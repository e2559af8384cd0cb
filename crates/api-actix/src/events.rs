//! Events: what has happened, as a feed and as a stream.

mod event_body;
mod follower;
mod list_events;
mod stream_events;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(stream_events::stream_events)
        .service(list_events::list_events);
}

#[cfg(test)]
mod tests;
