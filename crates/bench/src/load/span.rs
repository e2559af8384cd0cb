//! The span of time in which answers count.

use std::time::{Duration, Instant};

/// When answers count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// The end of the warm-up.
    pub(crate) from: Instant,
    /// Without, until there is nothing left to send.
    until: Option<Instant>,
}

impl Span {
    /// From now on: a warm-up, and then what is measured; both in seconds.
    pub(crate) fn new(warm_up: f64, measured: Option<f64>) -> Self {
        let from = Instant::now() + Duration::from_secs_f64(warm_up);
        let until = measured.map(|seconds| from + Duration::from_secs_f64(seconds));
        Self { from, until }
    }

    /// Whether an answer counts that came at this moment. One to a request from before counts too: otherwise answers that
    /// take longer than the span would never be seen.
    pub(crate) fn is_measured(&self, ended: Instant) -> bool {
        ended >= self.from
    }

    /// Whether nothing more is to be sent.
    pub(crate) fn is_over(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now >= until)
    }
}
