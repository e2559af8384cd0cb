//! Where spans go that are over.

use crate::traces::FinishedSpan;

/// Takes spans, and brings them to whoever keeps traces.
#[cfg_attr(feature = "test-support", mockall::automock)]
pub trait SpanSink: Send + Sync {
    /// Takes one. MUST neither wait nor fail: what cannot be brought away is dropped and counted.
    fn take(&self, span: FinishedSpan);
}
