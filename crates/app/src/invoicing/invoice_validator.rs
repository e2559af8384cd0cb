//! The validation service: hears what was written on invoices, and has it reviewed.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{ids::InvoiceId, version::Version};

use super::{InvoiceWritten, ReviewInvoices, ReviewInvoicesHandler, Reviewed};
use crate::{
    events::LoggedEvent,
    ports::{
        AggregateKind, ConsumerGroup, Delivered, EventSink, SinkUnavailable, StorageError, UseFor,
    },
    transaction::CommandBus,
};

/// Where events of invoices go to be reviewed.
pub struct InvoiceValidator {
    bus: CommandBus,
    handler: Arc<ReviewInvoicesHandler>,
}

impl InvoiceValidator {
    /// All validators of a deployment share the work.
    pub const GROUP: ConsumerGroup = ConsumerGroup {
        name: ReviewInvoicesHandler::ROLE,
        kinds: &[AggregateKind::Invoice],
        use_for: UseFor::All,
    };

    /// A validator that reviews by this handler.
    pub fn new(bus: CommandBus, handler: ReviewInvoicesHandler) -> Self {
        Self {
            bus,
            handler: Arc::new(handler),
        }
    }

    /// In one transaction: a commit for each would be most of the work.
    async fn review(&self, written: Vec<InvoiceWritten>) -> Result<(), StorageError> {
        if written.is_empty() {
            return Ok(());
        }
        let command = ReviewInvoices { written };
        let reviewed = self.bus.execute(self.handler.clone(), command).await?;
        count(reviewed);
        Ok(())
    }

    /// When one of several cannot be read, the others need not suffer from it.
    async fn review_one(&self, event: &LoggedEvent) -> Result<Delivered, SinkUnavailable> {
        let written = written_by(event).into_iter().collect();
        match self.review(written).await {
            Ok(()) => Ok(Delivered::Taken),
            Err(StorageError::Corrupt { entity, source }) => Ok(Delivered::Refused(format!(
                "the {entity} is stored in a form that nobody can read: {source}"
            ))),
            Err(error) => Err(SinkUnavailable::Away(Box::new(error))),
        }
    }
}

#[async_trait]
impl EventSink for InvoiceValidator {
    async fn deliver(&self, events: &[LoggedEvent]) -> Result<Vec<Delivered>, SinkUnavailable> {
        let written = events.iter().filter_map(written_by).collect();
        match self.review(written).await {
            Ok(()) => Ok(vec![Delivered::Taken; events.len()]),
            Err(StorageError::Corrupt { .. }) => {
                let mut outcomes = Vec::with_capacity(events.len());
                for event in events {
                    outcomes.push(self.review_one(event).await?);
                }
                Ok(outcomes)
            }
            Err(error) => Err(SinkUnavailable::Away(Box::new(error))),
        }
    }
}

/// What else happens to an invoice leaves its contents as they are.
fn written_by(event: &LoggedEvent) -> Option<InvoiceWritten> {
    let event = &event.event;
    let is_written = event.kind.known() == Some(AggregateKind::Invoice)
        && matches!(
            event.event_type.as_str(),
            "invoice.created" | "invoice.updated"
        );
    is_written.then(|| InvoiceWritten {
        event_id: event.id,
        organization_id: event.organization_id,
        invoice_id: InvoiceId::from_uuid(event.aggregate_id),
        version: Version::new(event.sequence),
        cause: event.cause(),
    })
}

fn count(reviewed: Reviewed) {
    let total = |result: &'static str, count: u64| {
        metrics::counter!("invoices_reviewed_total", "result" => result).increment(count);
    };
    total("approved", reviewed.approved);
    total("rejected", reviewed.rejected);
}

#[cfg(test)]
mod tests;
