//! Consumers of events as tasks: they go on until the process ends, whatever fails meanwhile.

use std::{sync::Arc, time::Duration};

use app::{
    events::{ConsumeError, EventConsumer},
    ports::{BrokerError, ConsumerGroup, EventSource, SinkUnavailable},
};
use tokio::time::MissedTickBehavior;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long a consumer waits for events before it looks whether it is to end.
const WAIT: Duration = Duration::from_secs(1);
/// How often it looks whether something that was refused is due.
const RETRY_EVERY: Duration = Duration::from_secs(1);
/// How long it rests after a failure: at first, and at most.
const REST_MIN: Duration = Duration::from_millis(100);
const REST_MAX: Duration = Duration::from_secs(5);

/// Starts a consumer. When it is told to end, it finishes what it is at and leaves its group.
pub(crate) fn start(
    consumer: EventConsumer,
    (source, group): (Arc<dyn EventSource>, ConsumerGroup),
    (tasks, end): (&TaskTracker, &CancellationToken),
) {
    let consumer = Arc::new(consumer);
    tasks.spawn(retry(consumer.clone(), end.clone()));
    tasks.spawn(consume(consumer, source, group, end.clone()));
}

/// How long to rest after failures in a row.
struct Rest(Duration);

impl Rest {
    const fn new() -> Self {
        Self(REST_MIN)
    }

    async fn take(&mut self, end: &CancellationToken) {
        end.run_until_cancelled(tokio::time::sleep(self.0)).await;
        self.0 = (self.0 * 2).min(REST_MAX);
    }
}

async fn consume(
    consumer: Arc<EventConsumer>,
    source: Arc<dyn EventSource>,
    group: ConsumerGroup,
    end: CancellationToken,
) {
    let mut rest = Rest::new();
    let mut subscription = loop {
        match source.subscribe(group).await {
            Ok(subscription) => break subscription,
            Err(error) => complain(consumer.name, ConsumeError::Receive(error)),
        }
        rest.take(&end).await;
        if end.is_cancelled() {
            return;
        }
    };
    let mut rest = Rest::new();
    while !end.is_cancelled() {
        match consumer.round(subscription.as_mut(), WAIT).await {
            Ok(_) => rest = Rest::new(),
            Err(ConsumeError::Receive(BrokerError::TakenOver)) => {
                tracing::info!(consumer = consumer.name, "another member has taken over");
            }
            Err(error) => {
                // What was lost comes again: nothing is away, and another shard may be found to be lost next.
                if matches!(error, ConsumeError::Deliver(SinkUnavailable::Lost(_))) {
                    rest = Rest::new();
                }
                complain(consumer.name, error);
                rest.take(&end).await;
            }
        }
    }
    subscription.leave().await;
}

/// Tries again what is due. Whatever waited behind it is due as soon as it is gone, and does not wait for another turn.
async fn retry(consumer: Arc<EventConsumer>, end: CancellationToken) {
    let mut ticks = tokio::time::interval(RETRY_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while end.run_until_cancelled(ticks.tick()).await.is_some() {
        while !end.is_cancelled() && retry_some(&consumer).await {}
    }
}

/// Whether there may be more. After a failure there is nothing more to do until the next time.
async fn retry_some(consumer: &EventConsumer) -> bool {
    match consumer.retry().await {
        Ok(tried) => tried > 0,
        Err(error) => {
            complain(consumer.name, error);
            false
        }
    }
}

fn complain(consumer: &'static str, error: ConsumeError) {
    metrics::counter!("consumer_failures_total", "consumer" => consumer).increment(1);
    let cause = format!("{:#}", anyhow::Error::from(error));
    tracing::warn!(
        consumer,
        cause,
        "events could not be consumed; trying again"
    );
}

#[cfg(test)]
mod tests;
