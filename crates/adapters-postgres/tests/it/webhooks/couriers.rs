//! Couriers side by side, and couriers that die.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use app::{
    ports::{
        ClaimTerms, ClaimedLane, SendReport, Settlement, SignedParcel, StorageError, WebhookLanes,
        WebhookSender,
    },
    testing::{QueuedSender, out_of_reach},
};
use async_trait::async_trait;
use domain::{ids::EventId, webhooks::AttemptOutcome};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::support::{LIMITS, event};
use crate::support::{World, wait_until};

/// Watches how many times each event is being sent to one address at the same time, and how many at all.
#[derive(Default)]
struct Watching {
    under_way: Mutex<HashMap<EventId, usize>>,
    most_at_once: AtomicUsize,
    same_at_once: AtomicUsize,
    sent: AtomicUsize,
}

#[async_trait]
impl WebhookSender for Watching {
    async fn send<'a>(&self, parcel: SignedParcel<'a>) -> SendReport {
        {
            let mut under_way = self.under_way.lock().unwrap();
            *under_way.entry(parcel.id).or_default() += 1;
            let same = under_way[&parcel.id];
            let all = under_way.values().sum();
            self.same_at_once.fetch_max(same, Ordering::SeqCst);
            self.most_at_once.fetch_max(all, Ordering::SeqCst);
        }
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        let mut under_way = self.under_way.lock().unwrap();
        *under_way.get_mut(&parcel.id).unwrap() -= 1;
        let count = self.sent.fetch_add(1, Ordering::SeqCst);
        // Some are to be tried again: the clock stands nearly still, so no more than once.
        let is_refused = count < 120 && count.is_multiple_of(3);
        SendReport {
            outcome: AttemptOutcome::Answered(if is_refused { 503 } else { 200 }),
            took: Duration::ZERO,
        }
    }
}

/// Events go to one endpoint, so each event is sent once at a time, and so many at a time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn couriers_side_by_side_never_send_the_same_at_the_same_time() {
    let world = World::with_webhooks(1).await;
    let watching = Arc::new(Watching::default());
    let mut couriers = Vec::new();
    for _ in 0..6 {
        let (end, ended) = oneshot::channel::<()>();
        let courier = Arc::new(world.courier(watching.clone()));
        let running = tokio::spawn(courier.run(async {
            let _ = ended.await;
        }));
        couriers.push((end, running));
    }

    for number in 1..=120 {
        world.fan_out(&[event(number)]).await;
    }
    let admin = world.admin().await;
    let pending = "webhook_deliveries WHERE state = 'pending'";
    wait_until("everything is delivered", || async {
        world.clock.advance(SignedDuration::from_secs(1));
        admin.count(pending).await == 0
    })
    .await;
    for (end, running) in couriers {
        end.send(()).unwrap();
        running.await.unwrap();
    }

    assert_eq!(watching.same_at_once.load(Ordering::SeqCst), 1);
    let most_at_once = watching.most_at_once.load(Ordering::SeqCst);
    assert!(most_at_once <= LIMITS.per_endpoint, "{most_at_once}");
    // What was sent is what was noted: nobody has sent a delivery that another one had settled.
    let attempts = "SELECT sum(attempts) FROM webhook_deliveries";
    let attempts: i64 = admin.value(attempts).await;
    let sent = i64::try_from(watching.sent.load(Ordering::SeqCst)).unwrap();
    assert_eq!(attempts, sent);
}

/// Lanes that nothing can be noted in.
struct Unsettled(Arc<dyn WebhookLanes>);

#[async_trait]
impl WebhookLanes for Unsettled {
    async fn claim(&self, terms: ClaimTerms) -> Result<Vec<ClaimedLane>, StorageError> {
        self.0.claim(terms).await
    }

    async fn settle(&self, _: &Settlement) -> Result<bool, StorageError> {
        out_of_reach()
    }

    async fn forget(&self, before: Timestamp) -> Result<bool, StorageError> {
        self.0.forget(before).await
    }
}

#[tokio::test]
async fn what_a_courier_has_sent_and_not_noted_is_sent_again_by_another_one() {
    let world = World::with_webhooks(1).await;
    let sender = QueuedSender::reporting([]);
    world.fan_out(&[event(1)]).await;
    let dying = world.courier_over(Arc::new(Unsettled(world.lanes())), sender.clone());
    let other = world.courier(sender.clone());

    dying.work_off().await.unwrap_err();
    let at_once = other.work_off().await.unwrap();
    world.clock.advance(SignedDuration::from_secs(45));
    let later = other.work_off().await.unwrap();

    assert_eq!((at_once, later), (0, 1));
    let sent = sender.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0], sent[1]);
    assert_eq!(world.states(1).await, ["delivered"]);
}
