//! Spans wait here to leave. Nobody waits for them.

use app::{ports::SpanSink, traces::FinishedSpan};
use tokio::sync::mpsc;

/// How many wait at most: some megabytes.
const WAITING_MAX: usize = 8_192;

/// Takes spans while there is room, and drops them otherwise.
pub(super) struct SpanQueue(mpsc::Sender<FinishedSpan>);

impl SpanQueue {
    /// A queue, and its other end.
    pub(super) fn new() -> (Self, mpsc::Receiver<FinishedSpan>) {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        (Self(sender), receiver)
    }
}

impl SpanSink for SpanQueue {
    fn take(&self, span: FinishedSpan) {
        if self.0.try_send(span).is_err() {
            count("dropped", 1);
        }
    }
}

/// Counts spans by what became of them.
pub(super) fn count(outcome: &'static str, spans: usize) {
    let spans = u64::try_from(spans).unwrap_or_default();
    metrics::counter!("trace_spans_total", "outcome" => outcome).increment(spans);
}

#[cfg(test)]
mod tests {
    use adapters_local::{SystemClock, UuidV7Generator};
    use app::traces::{Sampling, Tracer};

    use super::*;

    #[test]
    fn a_full_queue_takes_nothing_and_keeps_nobody_waiting() {
        let (queue, mut spans) = SpanQueue::new();
        let ports = (
            std::sync::Arc::new(SystemClock::default()),
            std::sync::Arc::new(UuidV7Generator),
        );
        let all = Sampling::per_million(1_000_000);
        let tracer = Tracer::new(Some(std::sync::Arc::new(queue)), all, (ports.0, ports.1));
        let tracer = std::sync::Arc::new(tracer);

        for _ in 0..=WAITING_MAX {
            drop(tracer.receive("GET /things", None));
        }

        let kept = std::iter::from_fn(|| spans.try_recv().ok()).count();
        assert_eq!(kept, WAITING_MAX);
    }
}
