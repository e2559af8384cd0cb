//! The role `scheduler`: what has to happen from time to time. Any number of instances may have it.

mod check_invariants;
mod chores;
mod event_days;

use std::time::Duration;

use async_trait::async_trait;
use tokio::time::MissedTickBehavior;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::check_invariants::CheckInvariants;
use self::chores::{
    ChainTransfers, ExpireLateHolds, FoldSummaries, ForgetAnswers, ForgetOldLooks,
    ForgetOldProjections, SweepOverdueInvoices,
};
use self::event_days::{ForgetInbox, TurnEventDays};
use crate::{config::Settings, wiring::Core};

/// Something that has to happen from time to time, in batches that take a moment each.
#[async_trait]
trait Chore: Send + Sync {
    /// What it is called in the log and in metrics.
    fn name(&self) -> &'static str;

    /// How long to wait when there is nothing more to do.
    fn interval(&self) -> Duration;

    /// Does one batch, and tells whether there may be more.
    async fn batch(&self) -> anyhow::Result<bool>;
}

/// Starts all chores. Each ends after the batch that it is at when it is told to.
pub(crate) fn start(
    core: &Core,
    settings: &Settings,
    tasks: &TaskTracker,
    end: &CancellationToken,
) {
    let chores: [Box<dyn Chore>; 10] = [
        Box::new(SweepOverdueInvoices::new(core, settings.scheduler)),
        Box::new(ExpireLateHolds::new(core)),
        Box::new(ForgetAnswers::new(core)),
        Box::new(FoldSummaries::new(core)),
        Box::new(ChainTransfers::new(core)),
        Box::new(CheckInvariants::new(core)),
        Box::new(TurnEventDays::new(core, settings.events)),
        Box::new(ForgetInbox::new(core, settings.events)),
        Box::new(ForgetOldLooks::new(core, &settings.review)),
        Box::new(ForgetOldProjections::new(core)),
    ];
    for chore in chores {
        tasks.spawn(repeat(chore, end.clone()));
    }
}

async fn repeat(chore: Box<dyn Chore>, end: CancellationToken) {
    let mut ticks = tokio::time::interval(chore.interval());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while end.run_until_cancelled(ticks.tick()).await.is_some() {
        while !end.is_cancelled() && run_batch(chore.as_ref()).await {}
    }
}

/// Runs a batch and takes note of it. After a failure there is nothing more to do until the next time.
async fn run_batch(chore: &dyn Chore) -> bool {
    let name = chore.name();
    let (outcome, has_more) = match chore.batch().await {
        Ok(has_more) => ("done", has_more),
        Err(error) => {
            tracing::warn!(chore = name, cause = format!("{error:#}"), "a chore failed");
            ("failed", false)
        }
    };
    metrics::counter!("scheduler_batches_total", "chore" => name, "outcome" => outcome)
        .increment(1);
    has_more
}

#[cfg(test)]
mod tests;
