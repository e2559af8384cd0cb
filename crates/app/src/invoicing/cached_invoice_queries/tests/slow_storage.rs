use std::time::Duration;

use tokio::{sync::watch, time::timeout};

use super::*;

/// How long a test waits for what has to happen.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// A storage whose n-th reading finds version n, as soon as n readings are let through.
#[derive(Default)]
pub(super) struct SlowStorage {
    begun: watch::Sender<u32>,
    let_through: watch::Sender<u32>,
}

impl SlowStorage {
    /// How many readings have begun.
    pub(super) fn readings(&self) -> u32 {
        *self.begun.borrow()
    }

    /// Waits until this many readings have begun.
    pub(super) async fn reach(&self, count: u32) {
        let mut begun = self.begun.subscribe();
        let reached = timeout(PATIENCE, begun.wait_for(|readings| *readings >= count)).await;
        assert!(reached.is_ok(), "{} of {count} readings", self.readings());
    }

    /// Lets the first readings finish, this many of them.
    pub(super) fn let_through(&self, count: u32) {
        self.let_through.send_replace(count);
    }
}

#[async_trait]
impl InvoiceQueries for SlowStorage {
    async fn find(
        &self,
        _organization_id: OrganizationId,
        _id: InvoiceId,
    ) -> Result<Option<Arc<InvoiceView>>, StorageError> {
        self.begun.send_modify(|readings| *readings += 1);
        let mine = self.readings();
        let mut let_through = self.let_through.subscribe();
        let_through.wait_for(|count| *count >= mine).await.unwrap();
        Ok(Some(view(mine.into())))
    }

    async fn list(
        &self,
        _organization_id: OrganizationId,
        _filter: &InvoiceFilter,
        _window: Window,
    ) -> Result<Listing<InvoiceEntry>, StorageError> {
        out_of_reach()
    }

    async fn timeline(
        &self,
        _organization_id: OrganizationId,
        _id: InvoiceId,
        _window: Window,
    ) -> Result<Option<Listing<TimelineEntry>>, StorageError> {
        out_of_reach()
    }

    async fn summary(
        &self,
        _organization_id: OrganizationId,
    ) -> Result<Vec<SummaryRow>, StorageError> {
        out_of_reach()
    }
}
