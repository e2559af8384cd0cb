//! Judging the contents of invoices.

use std::sync::Arc;

use domain::{
    actor::Actor,
    ids::InvoiceId,
    invoicing::{Decision, Invoice, ReviewSubject},
};

use super::{
    ReviewPolicy,
    awaiting_review::{Awaiting, InvoiceWritten, find_twins, list_awaiting},
};
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    traces,
    transaction::CommandHandler,
};

/// Judge these invoices, all of them together or none. No invoice comes twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewInvoices {
    /// What was written.
    pub written: Vec<InvoiceWritten>,
}

/// What a review came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reviewed {
    /// How many invoices nothing speaks against.
    pub approved: u64,
    /// How many something does.
    pub rejected: u64,
}

/// Judges invoices. An event that was dealt with before, an invoice that is gone, and contents that were rewritten since or
/// have their verdict already are passed over.
pub struct ReviewInvoicesHandler {
    policy: ReviewPolicy,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ReviewInvoicesHandler {
    /// What the timeline, the inbox and the group of consumers call it.
    pub const ROLE: &'static str = "validator";

    /// A handler on these ports.
    pub fn new(policy: ReviewPolicy, clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { policy, clock, ids }
    }

    fn judge(&self, invoice: &Invoice, twin: Option<InvoiceId>) -> Decision {
        self.policy.rules.judge(&ReviewSubject {
            invoice: invoice.facts(),
            twin,
            now: self.clock.now(),
        })
    }
}

impl CommandHandler<ReviewInvoices> for ReviewInvoicesHandler {
    type Output = Reviewed;
    type Error = StorageError;

    const NAME: &'static str = "review_invoices";

    async fn handle(
        &self,
        command: &ReviewInvoices,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Reviewed, StorageError> {
        let awaiting = list_awaiting(&command.written, uow).await?;
        let twins = find_twins(&awaiting, self.policy.twin_window, uow).await?;

        let mut reviewed = Reviewed::default();
        for (awaiting, twin) in awaiting.into_iter().zip(twins) {
            let Awaiting {
                mut invoice,
                version,
                cause,
            } = awaiting;
            let decision = self.judge(&invoice, twin);
            reviewed.count(&decision);
            invoice.conclude_review(version, decision, self.clock.now());

            uow.invoice_reviews().record(&invoice).await?;
            let caller = Caller {
                organization_id: invoice.facts().organization_id,
                actor: Actor::Role(Self::ROLE),
            };
            let recorder = Recorder::new(&caller, self.ids.as_ref());
            let recording = recorder.record(&mut invoice, uow);
            traces::within(cause, recording).await?;
        }
        Ok(reviewed)
    }
}

impl Reviewed {
    const fn count(&mut self, decision: &Decision) {
        match decision {
            Decision::Approved => self.approved += 1,
            Decision::Rejected(_) => self.rejected += 1,
        }
    }
}

#[cfg(test)]
mod tests;
