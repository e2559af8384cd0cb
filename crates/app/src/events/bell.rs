//! Waking whoever waits for events in the same process.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Notify;

use crate::ports::{CommitListener, Touched};

/// Rung when there may be something new. Nothing depends on it: those who wait look from time to time anyway.
#[derive(Debug, Clone, Default)]
pub struct EventBell(Arc<Notify>);

impl EventBell {
    /// Wakes all who wait.
    pub fn ring(&self) {
        self.0.notify_waiters();
    }

    /// The next ring, from now on: also one that comes before this is awaited.
    pub fn next_ring(&self) -> impl Future<Output = ()> + Send + use<> {
        self.0.clone().notified_owned()
    }
}

/// Whatever was committed may have events.
#[async_trait]
impl CommitListener for EventBell {
    async fn committing(&self, _touched: &[Touched]) {}

    async fn committed(&self, _touched: &[Touched]) {
        self.ring();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_ring_before_the_wait_is_heard() {
        let bell = EventBell::default();
        let rung = bell.next_ring();

        bell.clone().ring();

        rung.await;
    }

    #[tokio::test]
    async fn a_commit_rings_when_it_is_over_and_not_before() {
        let bell = EventBell::default();
        let mut rung = std::pin::pin!(bell.next_ring());

        bell.committing(&[]).await;
        let before = rung.as_mut().now_or_never();
        bell.committed(&[]).await;
        let after = rung.as_mut().now_or_never();

        assert!(before.is_none());
        assert!(after.is_some());
    }
}
