//! The review of invoices, on a database.

use std::sync::Arc;

use app::invoicing::{
    InvoiceWritten, ReviewInvoices, ReviewInvoicesHandler, ReviewPolicy, Reviewed,
};
use app::testing::ORGANIZATION;
use domain::{
    ids::{EventId, InvoiceId},
    invoicing::{NoDuplicate, ReviewRules},
    version::Version,
};
use futures_util::FutureExt;
use jiff::SignedDuration;

use super::{Admin, World};

/// That an invoice was drafted, as the outbox tells it.
pub(crate) async fn created(admin: &Admin, id: InvoiceId) -> InvoiceWritten {
    updated(admin, id, 1).await
}

/// That an invoice was written with a version, as the outbox tells it.
pub(crate) async fn updated(admin: &Admin, id: InvoiceId, version: i64) -> InvoiceWritten {
    let event = format!(
        "SELECT event_id FROM outbox WHERE aggregate_id = '{id}' AND aggregate_version = {version}"
    );
    InvoiceWritten {
        cause: None,
        event_id: EventId::from_uuid(admin.value(&event).await),
        organization_id: ORGANIZATION,
        invoice_id: id,
        version: Version::new(version),
    }
}

impl World {
    /// Reviews by the rule against duplicates alone, within a day.
    pub(crate) async fn review(&self, written: &[InvoiceWritten]) -> Reviewed {
        let policy = ReviewPolicy {
            rules: ReviewRules::new(vec![Box::new(NoDuplicate)]),
            twin_window: SignedDuration::from_hours(24),
        };
        let (clock, ids) = (self.clock.clone(), self.ids.clone());
        let handler = ReviewInvoicesHandler::new(policy, clock, ids);
        let command = ReviewInvoices {
            written: written.to_vec(),
        };
        self.bus.execute(Arc::new(handler), command).await.unwrap()
    }

    /// Forgets looks that are older than so many hours.
    pub(crate) async fn forget_looks(&self, hours: i64) -> u64 {
        use app::ports::Clock as _;
        let before = self.clock.now() - SignedDuration::from_hours(hours);
        let forgotten = self.write(move |uow| {
            async move { uow.invoice_reviews().forget_looks(before, 10).await }.boxed()
        });
        forgotten.await.unwrap()
    }
}
