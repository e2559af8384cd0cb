//! The role `webhooks`: makes deliveries of events, and sends them. Any number of instances may have it.

use std::{sync::Arc, time::Duration};

use adapters_postgres::PgHeldEvents;
use app::{
    events::EventConsumer,
    ports::{Clock, EventSource, WebhookLanes},
    webhooks::{WEBHOOKS_GROUP, WebhookReplayer},
};
use jiff::SignedDuration;
use tokio::time::MissedTickBehavior;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    consuming,
    wiring::{Core, Webhooks},
};

/// How many events are made deliveries of in one transaction, at most.
const BATCH: usize = 500;
/// How long deliveries are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
const FORGET_EVERY: Duration = Duration::from_mins(1);
/// How often to look whether somebody has asked for a replay.
const REPLAY_EVERY: Duration = Duration::from_secs(1);

/// Starts it. It finishes what it is sending when it is told to end.
pub(crate) fn start(
    core: &Core,
    source: Arc<dyn EventSource>,
    webhooks: Webhooks,
    (tasks, end): (&TaskTracker, &CancellationToken),
) {
    let consumer = EventConsumer {
        name: WEBHOOKS_GROUP.name,
        sink: webhooks.fan_out,
        held: Arc::new(PgHeldEvents::new(core.database.clone())),
        clock: core.clock.clone(),
        batch: BATCH,
    };
    consuming::start(consumer, (source, WEBHOOKS_GROUP), (tasks, end));
    let (ended, clock) = (end.clone(), core.clock.clone());
    let courier = webhooks.courier;
    tasks.spawn(async move { courier.run(ended.cancelled()).await });
    tasks.spawn(replay(webhooks.replayer, end.clone()));
    tasks.spawn(forget(webhooks.lanes, clock, end.clone()));
}

/// Works off replays, a piece at a time.
async fn replay(replayer: WebhookReplayer, end: CancellationToken) {
    let mut ticks = tokio::time::interval(REPLAY_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while end.run_until_cancelled(ticks.tick()).await.is_some() {
        while !end.is_cancelled() && replay_some(&replayer).await {}
    }
}

async fn replay_some(replayer: &WebhookReplayer) -> bool {
    replayer.step().await.unwrap_or_else(|why| {
        let why: &dyn std::error::Error = &why;
        tracing::warn!(
            error = why,
            "a replay of events for a webhook cannot go on at the moment"
        );
        false
    })
}

/// Forgets old deliveries, a batch at a time.
async fn forget(lanes: Arc<dyn WebhookLanes>, clock: Arc<dyn Clock>, end: CancellationToken) {
    let mut ticks = tokio::time::interval(FORGET_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while end.run_until_cancelled(ticks.tick()).await.is_some() {
        while !end.is_cancelled() && forget_some(lanes.as_ref(), clock.as_ref()).await {}
    }
}

async fn forget_some(lanes: &dyn WebhookLanes, clock: &dyn Clock) -> bool {
    lanes
        .forget(clock.now() - KEPT)
        .await
        .unwrap_or_else(|why| {
            let why: &dyn std::error::Error = &why;
            tracing::warn!(
                error = why,
                "old deliveries of webhooks cannot be forgotten"
            );
            false
        })
}
