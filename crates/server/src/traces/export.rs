//! Hands spans over, many at a time, to whoever collects them.

use std::{mem, time::Duration};

use app::traces::FinishedSpan;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use tokio::{sync::mpsc::Receiver, time::timeout};
use tokio_util::sync::CancellationToken;

use super::{EXPORT_MAX, queue::count, span_data::span_data};

/// How many leave together.
const BATCH: usize = 512;
/// How long the first of a batch waits for others.
const GATHER: Duration = Duration::from_millis(500);

/// Goes on until it is told to end, and then hands over what is left.
pub(super) async fn run(
    exporter: impl SpanExporter,
    mut spans: Receiver<FinishedSpan>,
    end: CancellationToken,
) {
    let mut batch = Batch::default();
    while end
        .run_until_cancelled(batch.gather(&mut spans))
        .await
        .is_some()
    {
        batch.leave(&exporter).await;
    }
    // Those who had spans open at the end are over by now.
    spans.close();
    while let Ok(span) = spans.try_recv() {
        batch.spans.push(span);
        if batch.spans.len() >= BATCH {
            batch.leave(&exporter).await;
        }
    }
    batch.leave(&exporter).await;
}

#[derive(Default)]
struct Batch {
    spans: Vec<FinishedSpan>,
    is_failing: bool,
}

impl Batch {
    /// Waits until it is full, or nobody else comes for a while. What has come stays, also when nobody waits any more.
    async fn gather(&mut self, from: &mut Receiver<FinishedSpan>) {
        from.recv_many(&mut self.spans, BATCH).await;
        let filling = async {
            while self.spans.len() < BATCH {
                let room = BATCH - self.spans.len();
                from.recv_many(&mut self.spans, room).await;
            }
        };
        let _full_or_not = timeout(GATHER, filling).await;
    }

    /// Hands it over. What nobody takes is lost: there is more where it came from, and nobody must wait for it.
    async fn leave(&mut self, exporter: &impl SpanExporter) {
        if self.spans.is_empty() {
            return;
        }
        let spans: Vec<SpanData> = mem::take(&mut self.spans)
            .into_iter()
            .map(span_data)
            .collect();
        let many = spans.len();
        let why = match timeout(EXPORT_MAX, exporter.export(spans)).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_elapsed) => Some("no answer in time".to_owned()),
        };
        count(if why.is_none() { "exported" } else { "failed" }, many);
        self.tell(why);
    }

    /// Once when it begins, and once when it is over.
    fn tell(&mut self, why: Option<String>) {
        let was_failing = mem::replace(&mut self.is_failing, why.is_some());
        match why {
            Some(cause) if !was_failing => {
                tracing::warn!(cause, "traces cannot be handed over at the moment");
            }
            None if was_failing => tracing::info!("traces can be handed over again"),
            _ => {}
        }
    }
}
