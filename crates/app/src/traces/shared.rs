//! Work that is done for several traces at once.

use super::{Span, SpanKind};

/// It is a part of each trace that is recorded; what it does is a part of the first of them.
pub struct SharedWork(Vec<Span>);

impl SharedWork {
    /// Work that is done for all of these.
    pub fn of<'s>(operation: &'static str, all: impl IntoIterator<Item = &'s Span>) -> Self {
        let mut count = 0_usize;
        let parts = all.into_iter().map(|span| {
            count += 1;
            span.child(SpanKind::Internal, operation)
        });
        let mut parts: Vec<_> = parts.filter(Span::is_recorded).collect();
        for part in &mut parts {
            part.note("tallystick.batch.jobs", count);
        }
        Self(parts)
    }

    /// Lets a future do it.
    pub fn around<F: Future>(&self, doing: F) -> impl Future<Output = F::Output> + use<F> {
        let nothing = Span::default();
        self.0.first().unwrap_or(&nothing).around(doing)
    }
}
