//! The role `relay`: gives events their positions, and tells how far everything is.
//!
//! Bringing them to a broker of its own is a consumer like others ([`crate::consuming`]); the broker `postgres` is the log
//! itself.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use adapters_postgres::{
    Advanced, OutboxStatus, PgEventSequencer, PgHeldEvents, PgOutboxStatus, ReaderStatus,
};
use app::{
    events::{EventBell, EventConsumer, count_produced},
    ports::{AggregateKind, ConsumerGroup, EventSink, UseFor},
};
use metrics::gauge;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    consuming,
    metrics::Figures,
    wiring::{self, Broker, Core},
};

/// How many events get their position in one transaction, at most.
const BATCH: i64 = 50_000;
/// How often to look when nobody rings: writers may be in other processes.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// The same while events come.
const LOOK_SOON: Duration = Duration::from_millis(20);
/// For how long events are expected to go on coming.
const BUSY_FOR: Duration = Duration::from_secs(2);
/// Looks are not closer together than this, however often somebody rings.
const APART: Duration = Duration::from_millis(20);
/// How long to rest after a failure.
const REST: Duration = Duration::from_secs(1);
/// How often to tell how far everything is.
const TELL_EVERY: Duration = Duration::from_secs(5);
/// What is told of the outbox, besides its readers.
const FIGURES: Figures<5> = Figures([
    "outbox_waiting",
    "outbox_lag_seconds",
    "outbox_oldest_transaction_seconds",
    "held_events",
    "dead_letters",
]);

/// How many events are brought to a broker at once.
const PUBLISHED_AT_ONCE: usize = 500;
/// All relays.
const GROUP: ConsumerGroup = ConsumerGroup {
    name: "relay",
    kinds: &AggregateKind::ALL,
    use_for: UseFor::All,
};

/// Starts what every relay does.
pub(crate) fn start(
    core: &Core,
    broker: &Broker,
    (tasks, end): (&TaskTracker, &CancellationToken),
) {
    let publisher = broker.publisher(core);
    let placing = Placing {
        sequencer: PgEventSequencer::new(core.database.clone()),
        bells: core.bells.clone(),
        is_all: publisher.is_none(),
    };
    tasks.spawn(place(placing, end.clone()));
    let status = PgOutboxStatus::new(core.database.clone());
    tasks.spawn(tell(status, end.clone()));
    if let Some(publisher) = publisher {
        publish(core, publisher, (tasks, end));
    }
}

/// Brings everything from the log to a broker.
fn publish(
    core: &Core,
    publisher: Arc<dyn EventSink>,
    running: (&TaskTracker, &CancellationToken),
) {
    let consumer = EventConsumer {
        name: GROUP.name,
        sink: publisher,
        held: Arc::new(PgHeldEvents::new(core.database.clone())),
        clock: core.clock.clone(),
        batch: PUBLISHED_AT_ONCE,
    };
    consuming::start(consumer, (Arc::new(wiring::log(core)), GROUP), running);
}

/// Who wakes whom.
#[derive(Clone, Default)]
pub(crate) struct Bells {
    /// Rung by commits in this process, for whoever gives positions.
    pub(crate) commits: EventBell,
    /// Rung when the log has grown, for its readers in this process.
    pub(crate) log: EventBell,
}

/// Giving positions.
struct Placing {
    sequencer: PgEventSequencer,
    bells: Bells,
    /// Whether events need nothing else to be published: the log is the broker.
    is_all: bool,
}

impl Placing {
    fn note(&self, advanced: &Advanced) {
        if self.is_all {
            for placed in &advanced.by_kind {
                count_produced("postgres", placed.kind, placed.events, placed.bytes);
            }
        }
        self.bells.log.ring();
    }
}

async fn place(placing: Placing, end: CancellationToken) {
    let mut last_placed: Option<Instant> = None;
    while !end.is_cancelled() {
        let rung = placing.bells.commits.next_ring();
        let pause = match placing.sequencer.advance(BATCH).await {
            Ok(advanced) => {
                if advanced.placed > 0 {
                    last_placed = Some(Instant::now());
                    placing.note(&advanced);
                }
                if advanced.has_more {
                    continue;
                }
                let is_busy = last_placed.is_some_and(|at| at.elapsed() < BUSY_FOR);
                if is_busy { LOOK_SOON } else { LOOK_EVERY }
            }
            Err(error) => {
                let cause = format!("{:#}", anyhow::Error::from(error));
                tracing::warn!(
                    cause,
                    "events could not be given their positions; trying again"
                );
                REST
            }
        };
        let waiting = async {
            tokio::time::sleep(APART).await;
            let _rung_or_not = tokio::time::timeout(pause, rung).await;
        };
        end.run_until_cancelled(waiting).await;
    }
}

async fn tell(status: PgOutboxStatus, end: CancellationToken) {
    let mut ticks = tokio::time::interval(TELL_EVERY);
    let (mut is_sight_known, mut readers) = (false, Readers::default());
    while end.run_until_cancelled(ticks.tick()).await.is_some() {
        is_sight_known = is_sight_known || check_sight(&status).await;
        match status.look().await {
            Ok(status) => set(&status, &mut readers),
            Err(error) => {
                tracing::debug!(%error, "nobody knows how far the outbox is");
                set_unknown(&readers);
            }
        }
    }
}

/// Whether it is known by now how far this role sees. Says so if that is not far enough.
async fn check_sight(status: &PgOutboxStatus) -> bool {
    let sees = status.sees_other_roles().await;
    if matches!(sees, Ok(false)) {
        tracing::warn!(
            "transactions of other roles of the database are not seen, and hold up events without a figure that tells: \
             GRANT pg_read_all_stats to the role of this server"
        );
    }
    sees.is_ok()
}

/// The readers that figures were told of.
#[derive(Default)]
struct Readers(BTreeSet<String>);

impl Readers {
    /// Takes note of those there are, and tells which there are no more: they are not behind.
    fn note(&mut self, there_are: &[ReaderStatus]) -> BTreeSet<String> {
        let now = there_are.iter().map(|it| it.reader.clone()).collect();
        let before = std::mem::replace(&mut self.0, now);
        before.difference(&self.0).cloned().collect()
    }
}

fn set(status: &OutboxStatus, readers: &mut Readers) {
    for gone in readers.note(&status.readers) {
        gauge!("event_reader_lag_seconds", "reader" => gone.clone()).set(0.0);
        gauge!("event_reader_backlog", "reader" => gone).set(0.0);
    }
    FIGURES.tell([
        float(status.waiting),
        status.lag().as_secs_f64(),
        status.oldest_transaction.as_secs_f64(),
        float(status.held),
        float(status.dead),
    ]);
    for reader in &status.readers {
        gauge!("event_reader_lag_seconds", "reader" => reader.reader.clone())
            .set(reader.lag.as_secs_f64());
        let behind = status.end.as_i64() - reader.position.as_i64();
        gauge!("event_reader_backlog", "reader" => reader.reader.clone())
            .set(float(u64::try_from(behind).unwrap_or_default()));
    }
}

/// Nothing is known of the outbox, nor of whoever reads from it.
fn set_unknown(readers: &Readers) {
    FIGURES.forget();
    for reader in &readers.0 {
        gauge!("event_reader_lag_seconds", "reader" => reader.clone()).set(f64::NAN);
        gauge!("event_reader_backlog", "reader" => reader.clone()).set(f64::NAN);
    }
}

/// Counts beyond 32 bits are shown as that many.
fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_work(names: &[&str]) -> Vec<ReaderStatus> {
        let status = |name: &&str| ReaderStatus {
            reader: (*name).to_owned(),
            position: app::events::EventPosition::new(1),
            members: 1,
            lag: Duration::from_secs(9),
        };
        names.iter().map(status).collect()
    }

    #[test]
    fn a_reader_that_was_forgotten_is_told_of_once_more() {
        let mut readers = Readers::default();

        let at_first = readers.note(&at_work(&["redis/validator", "relay"]));
        let forgotten = readers.note(&at_work(&["relay"]));
        let later = readers.note(&at_work(&["relay"]));

        assert!(at_first.is_empty());
        assert_eq!(forgotten, BTreeSet::from(["redis/validator".to_owned()]));
        assert!(later.is_empty());
    }
}
