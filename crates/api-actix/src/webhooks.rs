//! Webhooks.

mod create_webhook;
mod delete_webhook;
mod delivery_body;
mod get_webhook;
mod list_deliveries;
mod list_webhooks;
mod replay_events;
mod retry_delivery;
mod revise_webhook;
mod rotate_secret;
mod test_webhook;
mod webhook_body;
mod webhook_fields;

use std::sync::Arc;

use app::{
    ports::{Clock, IdGenerator, SecretSeal, WebhookQueries, WebhookSecretGenerator},
    webhooks::{
        CreateWebhookHandler, DeleteWebhookHandler, ReplayEventsHandler, RetryDeliveryHandler,
        ReviseWebhookHandler, RotateSecretHandler, TestWebhookHandler,
    },
};
use domain::webhooks::Reach;
use utoipa_actix_web::service_config::ServiceConfig;

/// What webhooks are looked up and made with.
#[derive(Clone)]
pub struct WebhookPorts {
    /// The endpoints.
    pub queries: Arc<dyn WebhookQueries>,
    /// Makes their secrets.
    pub secrets: Arc<dyn WebhookSecretGenerator>,
    /// Keeps them.
    pub seal: Arc<dyn SecretSeal>,
    /// Where they may lead.
    pub reach: Reach,
}

/// What can be done with webhooks.
pub struct WebhookUseCases {
    pub(crate) create: Arc<CreateWebhookHandler>,
    pub(crate) revise: Arc<ReviseWebhookHandler>,
    pub(crate) delete: Arc<DeleteWebhookHandler>,
    pub(crate) rotate: Arc<RotateSecretHandler>,
    pub(crate) test: Arc<TestWebhookHandler>,
    pub(crate) retry: Arc<RetryDeliveryHandler>,
    pub(crate) replay: Arc<ReplayEventsHandler>,
    pub(crate) queries: Arc<dyn WebhookQueries>,
    pub(crate) reach: Reach,
    pub(crate) clock: Arc<dyn Clock>,
}

impl WebhookUseCases {
    /// The use cases over these ports.
    pub fn new(ports: WebhookPorts, clock: &Arc<dyn Clock>, ids: &Arc<dyn IdGenerator>) -> Self {
        let WebhookPorts {
            queries,
            secrets,
            seal,
            reach,
        } = ports;
        let (now, new_id) = (|| Arc::clone(clock), || Arc::clone(ids));
        let create = CreateWebhookHandler::new(now(), new_id(), secrets.clone(), seal.clone());
        Self {
            create: Arc::new(create),
            revise: Arc::new(ReviseWebhookHandler::new(now(), new_id())),
            delete: Arc::new(DeleteWebhookHandler::new(now(), new_id())),
            rotate: Arc::new(RotateSecretHandler::new(now(), new_id(), secrets, seal)),
            test: Arc::new(TestWebhookHandler::new(now(), new_id())),
            retry: Arc::new(RetryDeliveryHandler::new(now())),
            replay: Arc::new(ReplayEventsHandler::new(now(), new_id())),
            queries,
            reach,
            clock: now(),
        }
    }
}

pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(create_webhook::create_webhook)
        .service(list_webhooks::list_webhooks)
        .service(get_webhook::get_webhook)
        .service(revise_webhook::revise_webhook)
        .service(delete_webhook::delete_webhook)
        .service(rotate_secret::rotate_secret)
        .service(test_webhook::test_webhook)
        .service(list_deliveries::list_deliveries)
        .service(replay_events::replay_events)
        .service(retry_delivery::retry_delivery);
}

#[cfg(test)]
mod tests;
