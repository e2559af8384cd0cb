//! However many endpoints do not answer, those that do are not kept waiting.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use domain::{
    ids::{EventId, WebhookDeliveryId},
    webhooks::{Delivery, DeliveryFacts, Reach, WebhookUrl},
};
use tokio::sync::{Notify, oneshot};

use super::*;
use crate::{
    ports::{HeldLane, LaneTarget, SendReport},
    testing::ORGANIZATION,
};

/// Lanes without end: as many dead ones and as many living ones as anybody wants, each with one parcel.
#[derive(Default)]
struct EndlessLanes {
    last: Mutex<u128>,
    settled: Mutex<HashSet<WebhookId>>,
    thousand_settled: Arc<Notify>,
}

impl EndlessLanes {
    fn lane(&self, terms: &ClaimTerms, is_ailing: bool) -> ClaimedLane {
        let mut last = self.last.lock().unwrap();
        *last += 1;
        let id = Uuid::from_u128(*last);
        let host = if is_ailing { "dead" } else { "living" };
        let url = format!("https://{host}.example/");
        let delivery = Delivery::restore(DeliveryFacts {
            id: WebhookDeliveryId::from_uuid(id),
            organization_id: ORGANIZATION,
            webhook_id: WebhookId::from_uuid(id),
            event_id: EventId::from_uuid(id),
            event_type: "invoice.sent".to_owned(),
            state: domain::webhooks::DeliveryState::Pending {
                next_attempt_at: terms.now,
            },
            attempts: 0,
            last_attempt: None,
            created_at: terms.now,
        });
        ClaimedLane {
            lane: HeldLane {
                webhook_id: WebhookId::from_uuid(id),
                holder: terms.holder,
                arrivals: 1,
                failing_since: is_ailing.then_some(terms.now),
            },
            organization_id: ORGANIZATION,
            target: LaneTarget {
                url: WebhookUrl::parse(&url, &Reach::default()).unwrap(),
                secrets: stored_webhook().facts().secrets.clone(),
                version: stored_webhook().facts().version,
            },
            parcels: vec![Parcel {
                delivery,
                body: "{}".to_owned(),
            }],
        }
    }
}

#[async_trait]
impl WebhookLanes for EndlessLanes {
    async fn claim(&self, terms: ClaimTerms) -> Result<Vec<ClaimedLane>, StorageError> {
        let well = (0..terms.well).map(|_| self.lane(&terms, false));
        let ailing = (0..terms.ailing).map(|_| self.lane(&terms, true));
        Ok(well.chain(ailing).collect())
    }

    async fn settle(&self, settlement: &Settlement) -> Result<bool, StorageError> {
        let mut settled = self.settled.lock().unwrap();
        settled.insert(settlement.lane.webhook_id);
        if settled.len() == 1_000 {
            self.thousand_settled.notify_one();
        }
        Ok(false)
    }

    async fn forget(&self, _: Timestamp) -> Result<bool, StorageError> {
        Ok(false)
    }
}

/// The dead ones take what is sent and never answer, until they are told to.
struct HalfDead(tokio::sync::watch::Receiver<bool>);

#[async_trait]
impl WebhookSender for HalfDead {
    async fn send<'a>(&self, parcel: SignedParcel<'a>) -> SendReport {
        let outcome = if parcel.url.as_str().contains("dead") {
            let mut end = self.0.clone();
            let _ = end.wait_for(|is_over| *is_over).await;
            AttemptOutcome::Failed(SendFailure::TimedOut)
        } else {
            tokio::task::yield_now().await;
            AttemptOutcome::Answered(200)
        };
        SendReport {
            outcome,
            took: Duration::ZERO,
        }
    }
}

#[tokio::test]
async fn dead_endpoints_take_no_room_of_living_ones() {
    let lanes = Arc::new(EndlessLanes::default());
    let (bury, is_over) = tokio::sync::watch::channel(false);
    let stage = Stage::new([], None);
    let parts = CourierParts {
        lanes: lanes.clone(),
        sender: Arc::new(HalfDead(is_over)),
        ..stage.courier.parts
    };
    let courier = Arc::new(Courier::new(parts, limits()));
    let (end, ended) = oneshot::channel::<()>();
    let running = tokio::spawn(courier.run(async {
        let _ = ended.await;
    }));

    let patience = Duration::from_secs(20);
    let thousand = tokio::time::timeout(patience, lanes.thousand_settled.notified()).await;

    assert!(thousand.is_ok(), "the living ones were kept waiting");
    end.send(()).unwrap();
    bury.send(true).unwrap();
    running.await.unwrap();
    let settled = lanes.settled.lock().unwrap();
    assert_eq!(
        u128::try_from(settled.len()).unwrap(),
        *lanes.last.lock().unwrap()
    );
}
