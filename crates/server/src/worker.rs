//! The role `worker`: carries out payments through their providers, and issues vouchers that were ordered. Any number of
//! instances may have it.

use std::{sync::Arc, time::Duration};

use adapters_local::OsSecrets;
use adapters_postgres::{PgHeldEvents, PgIssueJobQueries};
use app::{
    events::EventConsumer,
    payments::PaymentHints,
    ports::{Clock, EventSource, PaymentWorkQueries, WorkFigures},
    vouchers::{IssueOrderedHandler, Issuing, IssuingParts},
};
use jiff::Timestamp;
use tokio::time::MissedTickBehavior;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    consuming,
    metrics::Figures,
    wiring::{Core, PaymentWork},
};

/// How many events are read at once.
const BATCH: usize = 500;
/// How often to tell how much there is to do.
const COUNT_EVERY: Duration = Duration::from_secs(5);
/// How often to look whether somebody has ordered vouchers.
const LOOK_FOR_ORDERS_EVERY: Duration = Duration::from_millis(500);

/// Starts it. It takes up nothing more when it is told to end, and finishes what it is at.
pub(crate) fn start(
    core: &Core,
    source: Arc<dyn EventSource>,
    work: PaymentWork,
    (tasks, end): (&TaskTracker, &CancellationToken),
) {
    let consumer = EventConsumer {
        name: PaymentHints::GROUP.name,
        sink: work.worker.hints(),
        held: Arc::new(PgHeldEvents::new(core.database.clone())),
        clock: core.clock.clone(),
        batch: BATCH,
    };
    consuming::start(consumer, (source, PaymentHints::GROUP), (tasks, end));
    let (worker, ended) = (work.worker, end.clone());
    tasks.spawn(async move { worker.run(ended.cancelled()).await });
    tasks.spawn(issue_ordered(core, end.clone()));
    tasks.spawn(count(work.queries, core.clock.clone(), end.clone()));
}

/// Issues vouchers that were ordered, a piece at a time.
fn issue_ordered(core: &Core, end: CancellationToken) -> impl Future<Output = ()> + use<> {
    let (clock, ids) = (core.clock.clone(), core.ids.clone());
    let handler = Arc::new(IssueOrderedHandler::new(clock, ids, Arc::new(OsSecrets)));
    let mut issuing = Issuing::new(IssuingParts {
        bus: core.bus.clone(),
        handler,
        jobs: Arc::new(PgIssueJobQueries::new(core.database.clone())),
        clock: core.clock.clone(),
    });
    async move {
        let mut ticks = tokio::time::interval(LOOK_FOR_ORDERS_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while end.run_until_cancelled(ticks.tick()).await.is_some() {
            if let Err(why) = issuing.work(|| !end.is_cancelled()).await {
                let why: &dyn std::error::Error = &why;
                tracing::warn!(
                    error = why,
                    "orders of vouchers cannot be looked for at the moment"
                );
            }
        }
    }
}

/// What is told of what there is to do.
const FIGURES: Figures<5> = Figures([
    "payments_due",
    "payments_at_provider",
    "payments_unknown",
    "payments_unknown_oldest_age_seconds",
    "payment_dead_letters",
]);

/// Tells how much there is to do.
async fn count(
    queries: Arc<dyn PaymentWorkQueries>,
    clock: Arc<dyn Clock>,
    end: CancellationToken,
) {
    let mut ticks = tokio::time::interval(COUNT_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while end.run_until_cancelled(ticks.tick()).await.is_some() {
        let now = clock.now();
        match queries.figures(now).await {
            Ok(figures) => show(&figures, now),
            Err(why) => {
                let why: &dyn std::error::Error = &why;
                tracing::warn!(error = why, "what is due cannot be counted at the moment");
                FIGURES.forget();
            }
        }
    }
}

fn show(figures: &WorkFigures, now: Timestamp) {
    let age = figures.unknown_since.map(|since| now.duration_since(since));
    let age_s = age.map_or(0.0, |age| age.as_secs_f64().max(0.0));
    FIGURES.tell([
        exactly(figures.due),
        exactly(figures.at_provider),
        exactly(figures.unknown),
        age_s,
        exactly(figures.dead),
    ]);
}

/// Counts of rows fit into 32 bits, which a float holds exactly.
fn exactly(count: i64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
