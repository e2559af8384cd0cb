//! One lane in memory.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::{
    ids::{EventId, WebhookDeliveryId},
    webhooks::{AttemptOutcome, Delivery, DeliveryFacts, DeliveryState, SealedSecret},
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    ports::{
        ClaimTerms, ClaimedLane, HeldLane, LaneTarget, Parcel, Settlement, StorageError,
        WebhookLanes,
    },
    testing::{ORGANIZATION, WEBHOOK, stored_webhook},
};

#[derive(Default)]
struct Inner {
    deliveries: Vec<Delivery>,
    failing_since: Option<Timestamp>,
    is_held: bool,
    is_spoilt: bool,
}

/// The lane of the one endpoint that there is.
#[derive(Default)]
pub(super) struct MemoryLanes(Mutex<Inner>);

impl MemoryLanes {
    pub(super) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Puts a delivery in that is due at an instant.
    pub(super) fn put(&self, number: u128, at: Timestamp) {
        let delivery = Delivery::restore(DeliveryFacts {
            id: WebhookDeliveryId::from_uuid(Uuid::from_u128(number)),
            organization_id: ORGANIZATION,
            webhook_id: WEBHOOK,
            event_id: EventId::from_uuid(Uuid::from_u128(number)),
            event_type: "invoice.sent".to_owned(),
            state: DeliveryState::Pending {
                next_attempt_at: at,
            },
            attempts: 0,
            last_attempt: None,
            created_at: at,
        });
        self.0.lock().unwrap().deliveries.push(delivery);
    }

    pub(super) fn spoil_secret(&self) {
        self.0.lock().unwrap().is_spoilt = true;
    }

    pub(super) fn states(&self) -> Vec<&'static str> {
        let inner = self.0.lock().unwrap();
        let states = inner.deliveries.iter().map(|it| it.facts().state.code());
        states.collect()
    }

    pub(super) fn state(&self) -> Option<DeliveryState> {
        let inner = self.0.lock().unwrap();
        inner.deliveries.first().map(|it| it.facts().state)
    }

    pub(super) fn next_attempt_at(&self) -> Option<Timestamp> {
        self.state()?.next_attempt_at()
    }

    pub(super) fn last_outcome(&self) -> Option<AttemptOutcome> {
        let inner = self.0.lock().unwrap();
        let last = inner.deliveries.first()?.facts().last_attempt?;
        Some(last.outcome)
    }

    pub(super) fn failing_since(&self) -> Option<Timestamp> {
        self.0.lock().unwrap().failing_since
    }
}

fn is_due(delivery: &Delivery, now: Timestamp) -> bool {
    let next = delivery.facts().state.next_attempt_at();
    next.is_some_and(|at| at <= now)
}

#[async_trait]
impl WebhookLanes for MemoryLanes {
    async fn claim(&self, terms: ClaimTerms) -> Result<Vec<ClaimedLane>, StorageError> {
        let mut inner = self.0.lock().unwrap();
        let due = inner.deliveries.iter().filter(|it| is_due(it, terms.now));
        let parcels: Vec<_> = due
            .take(terms.parcels)
            .map(|delivery| Parcel {
                delivery: delivery.clone(),
                body: format!("body {}", delivery.facts().id.as_uuid().as_u128()),
            })
            .collect();
        if parcels.is_empty() || inner.is_held {
            return Ok(Vec::new());
        }
        inner.is_held = true;
        let webhook = stored_webhook();
        let mut secrets = webhook.facts().secrets.clone();
        if inner.is_spoilt {
            secrets.current = SealedSecret(Vec::new());
        }
        Ok(vec![ClaimedLane {
            lane: HeldLane {
                webhook_id: WEBHOOK,
                holder: terms.holder,
                arrivals: 1,
                failing_since: inner.failing_since,
            },
            organization_id: ORGANIZATION,
            target: LaneTarget {
                url: webhook.facts().profile.url.clone(),
                secrets,
                version: webhook.facts().version,
            },
            parcels,
        }])
    }

    async fn settle(&self, settlement: &Settlement) -> Result<bool, StorageError> {
        let mut inner = self.0.lock().unwrap();
        inner.is_held = false;
        inner.failing_since = settlement.failing_since;
        for settled in &settlement.deliveries {
            let id = settled.delivery.facts().id;
            let mut known = inner.deliveries.iter_mut();
            let known = known.find(|it| it.facts().id == id).unwrap();
            assert_eq!(known.facts().attempts, settled.attempts_before);
            *known = settled.delivery.clone();
        }
        let now = settlement.now;
        Ok(inner.deliveries.iter().any(|it| is_due(it, now)))
    }

    async fn forget(&self, _: Timestamp) -> Result<bool, StorageError> {
        Ok(false)
    }
}
