//! Metrics: what the process counts, and the management port that shows it.

mod figures;
mod management;
mod runtime;

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

pub(crate) use self::{
    figures::Figures,
    management::{Management, serve},
};

/// Upper bounds of the buckets of every histogram that is of durations, in seconds.
const BUCKETS_SECONDS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];
/// The same for counts of what is done at once.
const BUCKETS_COUNT: &[f64] = &[
    1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0,
];
const COUNTS: &str = "ledger_batch_transfers";
/// Histograms gather their samples until somebody adds them up; a server that nobody scrapes must not grow.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Something that sets gauges just before they are shown.
pub(crate) type Gauges = Arc<dyn Fn() + Send + Sync>;

/// Everything that was counted.
#[derive(Clone)]
pub(crate) struct Metrics {
    recorder: PrometheusHandle,
    process: Collector,
    runtime: Handle,
}

impl Metrics {
    /// Starts counting. Must be called on the runtime of the background work.
    pub(crate) fn install() -> anyhow::Result<Self> {
        let counts = Matcher::Full(COUNTS.to_owned());
        let builder = PrometheusBuilder::new()
            .set_buckets(BUCKETS_SECONDS)?
            .set_buckets_for_metric(counts, BUCKETS_COUNT)?;
        let recorder = builder.install_recorder().context("cannot start metrics")?;
        let process = Collector::default();
        process.describe();
        runtime::describe();
        Ok(Self {
            recorder,
            process,
            runtime: Handle::current(),
        })
    }

    /// All metrics in the text format of Prometheus.
    pub(crate) fn render(&self) -> String {
        self.process.collect();
        runtime::collect(&self.runtime);
        self.recorder.render()
    }

    /// Keeps the memory of the recorder flat until it is told to end.
    pub(crate) async fn keep_up(self, end: CancellationToken) {
        let mut ticks = tokio::time::interval(UPKEEP_EVERY);
        while end.run_until_cancelled(ticks.tick()).await.is_some() {
            self.recorder.run_upkeep();
        }
    }
}
