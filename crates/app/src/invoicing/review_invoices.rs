//! Judging the contents of invoices.

use std::sync::Arc;

use domain::{
    actor::Actor,
    ids::{EventId, InvoiceId, OrganizationId},
    invoicing::{Decision, Invoice, ReviewRules, ReviewSubject},
    version::Version,
};
use jiff::SignedDuration;

use super::likeness::likeness_of;
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, Lookalike, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Somebody has written the contents of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvoiceWritten {
    /// The event that tells it.
    pub event_id: EventId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Which invoice.
    pub invoice_id: InvoiceId,
    /// The version that it took the invoice to.
    pub version: Version,
}

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

/// How a deployment reviews.
#[derive(Debug, Default)]
pub struct ReviewPolicy {
    /// What has to hold.
    pub rules: ReviewRules,
    /// How far apart two invoices may be made to be taken for one and the same; none are when it is zero.
    pub twin_window: SignedDuration,
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

    async fn find_twins(
        &self,
        invoices: &[(Invoice, Version)],
        uow: &mut dyn UnitOfWork,
    ) -> Result<Vec<Option<InvoiceId>>, StorageError> {
        let window = self.policy.twin_window;
        if window.is_zero() || invoices.is_empty() {
            return Ok(vec![None; invoices.len()]);
        }
        let look = |(invoice, _): &(Invoice, Version)| Lookalike {
            organization_id: invoice.facts().organization_id,
            id: invoice.facts().id,
            likeness: likeness_of(invoice.facts()),
            created_at: invoice.facts().created_at,
        };
        let lookalikes: Vec<_> = invoices.iter().map(look).collect();
        uow.invoice_reviews().find_twins(&lookalikes, window).await
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
        let twins = self.find_twins(&awaiting, uow).await?;

        let mut reviewed = Reviewed::default();
        for ((mut invoice, version), twin) in awaiting.into_iter().zip(twins) {
            let decision = self.judge(&invoice, twin);
            reviewed.count(&decision);
            invoice.conclude_review(version, decision, self.clock.now());

            uow.invoice_reviews().record(&invoice).await?;
            let caller = Caller {
                organization_id: invoice.facts().organization_id,
                actor: Actor::Role(Self::ROLE),
            };
            let recorder = Recorder::new(&caller, self.ids.as_ref());
            recorder.record(&mut invoice, uow).await?;
        }
        Ok(reviewed)
    }
}

/// The invoices whose contents were written then and still wait for their verdict, in the order in which it was told.
async fn list_awaiting(
    written: &[InvoiceWritten],
    uow: &mut dyn UnitOfWork,
) -> Result<Vec<(Invoice, Version)>, StorageError> {
    let events: Vec<_> = written.iter().map(|it| it.event_id).collect();
    let inbox = uow.inbox();
    let new = inbox.keep_new(ReviewInvoicesHandler::ROLE, &events).await?;
    let written: Vec<_> = written
        .iter()
        .filter(|it| new.contains(&it.event_id))
        .collect();
    if written.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<_> = written
        .iter()
        .map(|it| (it.organization_id, it.invoice_id))
        .collect();
    let found = uow.invoice_reviews().list_for_update(&wanted).await?;
    let awaiting = written.iter().filter_map(|it| {
        let invoice = found
            .iter()
            .find(|found| found.facts().id == it.invoice_id)?;
        let is_awaited = invoice.awaits_review(it.version);
        is_awaited.then(|| (invoice.clone(), it.version))
    });
    Ok(awaiting.collect())
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
