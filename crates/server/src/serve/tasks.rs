//! Work that goes on beside the requests.

use std::time::Duration;

use adapters_postgres::Database;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    lifecycle::{Requests, within},
    metrics::Metrics,
    wiring::Core,
};

/// How often the pool is looked after.
const TEND_EVERY: Duration = Duration::from_secs(10);

/// What is going on.
pub(super) struct Tasks {
    tracker: TaskTracker,
    end: CancellationToken,
}

impl Tasks {
    /// Starts what every server needs.
    pub(super) fn start(core: &Core, metrics: Metrics) -> Self {
        let (tracker, end) = (TaskTracker::new(), CancellationToken::new());
        tracker.spawn(metrics.keep_up(end.clone()));
        tracker.spawn(tend(core.database.clone(), end.clone()));
        Self { tracker, end }
    }

    /// Where more can be started.
    pub(super) const fn parts(&self) -> (&TaskTracker, &CancellationToken) {
        (&self.tracker, &self.end)
    }

    /// Ends as soon as the process is asked to, and not only when there are no requests left to answer.
    pub(super) fn ending_with(&self, requests: &Requests) -> CancellationToken {
        let end = self.end.child_token();
        let (asked, child) = (requests.clone(), end.clone());
        self.tracker.spawn(async move {
            if child.run_until_cancelled(asked.to_end()).await.is_some() {
                child.cancel();
            }
        });
        end
    }

    /// Tells everything to end, and waits for it.
    pub(super) async fn end(self, limit: Duration) {
        self.end.cancel();
        self.tracker.close();
        let tracker = self.tracker;
        if !within(limit, tracker.wait()).await {
            tracing::warn!(left = tracker.len(), "background work did not end in time");
        }
    }
}

/// Keeps some connections at hand, and lets go of those that nobody needs.
async fn tend(database: Database, end: CancellationToken) {
    let mut ticks = tokio::time::interval(TEND_EVERY);
    while end.run_until_cancelled(ticks.tick()).await.is_some() {
        database.tend().await;
    }
}
