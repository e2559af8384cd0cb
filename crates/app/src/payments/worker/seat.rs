//! The leave to make one call.

use std::sync::Arc;

use domain::payments::{CallVerdict, Pass};
use tokio::sync::OwnedSemaphorePermit;

use super::line::Line;
use crate::ports::PaymentProvider;

/// A seat at a provider, with the breaker's leave. One that nobody has used is given back.
pub(super) struct Seat {
    line: Arc<Line>,
    pass: Option<Pass>,
    _place: OwnedSemaphorePermit,
}

impl Seat {
    pub(super) const fn new(line: Arc<Line>, place: OwnedSemaphorePermit, pass: Pass) -> Self {
        Self {
            line,
            pass: Some(pass),
            _place: place,
        }
    }

    pub(super) fn provider(&self) -> &dyn PaymentProvider {
        self.line.provider.as_ref()
    }

    /// Tells how the call went.
    pub(super) fn note(&mut self, verdict: CallVerdict) {
        if let Some(pass) = self.pass.take() {
            self.line.note(pass, verdict);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(pass) = self.pass.take() {
            self.line.withdraw(pass);
        }
    }
}
