//! Endpoints, events for them, and couriers.

use std::{sync::Arc, time::Duration};

use adapters_postgres::{PgWebhookLanes, PgWebhookQueries};
use app::{
    events::LoggedEvent,
    ports::{EventSink, WebhookLanes, WebhookQueries, WebhookSender},
    testing::{FakeSeal, LoadedDice, ORGANIZATION, stored_webhook, webhook_profile},
    webhooks::{Courier, CourierLimits, CourierParts, WebhookFanOut},
};
use domain::{
    ids::{EventId, WebhookId},
    webhooks::{DeliveryFacts, Webhook, WebhookFacts, WebhookState},
};
use futures_util::FutureExt;
use uuid::Uuid;

use crate::support::{World, first};

pub(super) fn webhook_id(number: u128) -> WebhookId {
    WebhookId::from_uuid(Uuid::from_u128(number))
}

/// An endpoint that gets everything.
pub(super) fn webhook(number: u128) -> Webhook {
    Webhook::restore(WebhookFacts {
        id: webhook_id(number),
        profile: webhook_profile(&["*"]),
        ..stored_webhook().facts().clone()
    })
}

/// An event of its own.
pub(super) fn event(number: u8) -> LoggedEvent {
    let mut logged = app::testing::logged_event(number.into(), number, 1);
    logged.event.id = EventId::from_uuid(Uuid::from_u128(1_000 + u128::from(number)));
    logged
}

pub(super) const LIMITS: CourierLimits = CourierLimits {
    well_max: 10,
    ailing_max: 10,
    per_endpoint: 3,
    poll_every: Duration::from_millis(5),
};

impl World {
    pub(super) fn webhooks(&self) -> PgWebhookQueries {
        PgWebhookQueries::new(self.database.clone())
    }

    pub(super) fn lanes(&self) -> Arc<PgWebhookLanes> {
        Arc::new(PgWebhookLanes::new(self.database.clone()))
    }

    pub(super) async fn store_webhook(&self, webhook: &Webhook) {
        let webhook = webhook.clone();
        let stored = self.write(move |uow| {
            let webhook = webhook.clone();
            async move { uow.webhooks().insert(&webhook).await }.boxed()
        });
        stored.await.unwrap();
    }

    pub(super) async fn update_webhook(&self, webhook: &Webhook) {
        let webhook = webhook.clone();
        let stored = self.write(move |uow| {
            let webhook = webhook.clone();
            async move { uow.webhooks().update(&webhook).await }.boxed()
        });
        stored.await.unwrap();
    }

    /// Enables or disables an endpoint.
    pub(super) async fn set_enabled(&self, number: u128, is_enabled: bool) {
        let mut changed = webhook(number);
        let profile = changed.facts().profile.clone();
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        if is_enabled {
            let facts = changed.facts().clone();
            changed = Webhook::restore(WebhookFacts {
                state: WebhookState::Disabled {
                    reason: domain::webhooks::DisabledReason::Requested,
                    since: now,
                },
                ..facts
            });
        }
        changed.revise(profile, is_enabled, now).unwrap();
        self.update_webhook(&changed).await;
    }

    /// Makes deliveries of events.
    pub(super) async fn fan_out(&self, events: &[LoggedEvent]) {
        let fan_out = WebhookFanOut::new(
            self.bus.clone(),
            Arc::new(self.webhooks()),
            (self.clock.clone(), self.ids.clone()),
            Arc::default(),
        );
        fan_out.deliver(events).await.unwrap();
    }

    pub(super) fn courier(&self, sender: Arc<dyn WebhookSender>) -> Courier {
        self.courier_over(self.lanes(), sender)
    }

    pub(super) fn courier_over(
        &self,
        lanes: Arc<dyn WebhookLanes>,
        sender: Arc<dyn WebhookSender>,
    ) -> Courier {
        let parts = CourierParts {
            lanes,
            sender,
            seal: Arc::new(FakeSeal),
            bus: self.bus.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            dice: Arc::new(LoadedDice),
            news: Arc::default(),
        };
        Courier::new(parts, LIMITS)
    }

    /// What was and is to be sent to an endpoint, newest first.
    pub(super) async fn deliveries(&self, webhook: u128) -> Vec<DeliveryFacts> {
        let queries = self.webhooks();
        let listed = queries.list_deliveries(webhook_id(webhook), first()).await;
        listed.unwrap().rows
    }

    pub(super) async fn states(&self, webhook: u128) -> Vec<&'static str> {
        let deliveries = self.deliveries(webhook).await;
        deliveries.iter().map(|it| it.state.code()).collect()
    }

    /// Endpoints 1 to `count` that get everything.
    pub(super) async fn with_webhooks(count: u128) -> Self {
        let world = Self::new().await;
        for number in 1..=count {
            world.store_webhook(&webhook(number)).await;
        }
        assert_eq!(webhook(1).facts().organization_id, ORGANIZATION);
        world
    }
}
