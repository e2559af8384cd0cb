//! Invoices that wait for their verdict.

use domain::{
    ids::{EventId, InvoiceId, OrganizationId},
    invoicing::Invoice,
    version::Version,
};
use jiff::SignedDuration;

use super::{ReviewInvoicesHandler, likeness::likeness_of};
use crate::{
    ports::{Lookalike, StorageError, UnitOfWork},
    traces::TraceContext,
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
    /// The trace that the verdict belongs to.
    pub cause: Option<TraceContext>,
}

/// An invoice that waits for its verdict.
pub(super) struct Awaiting {
    /// The invoice.
    pub(super) invoice: Invoice,
    /// Which of its versions is reviewed.
    pub(super) version: Version,
    /// The trace that the verdict belongs to.
    pub(super) cause: Option<TraceContext>,
}

/// The invoices whose contents were written then and still wait for their verdict, in the order in which it was told.
pub(super) async fn list_awaiting(
    written: &[InvoiceWritten],
    uow: &mut dyn UnitOfWork,
) -> Result<Vec<Awaiting>, StorageError> {
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
        is_awaited.then(|| Awaiting {
            invoice: invoice.clone(),
            version: it.version,
            cause: it.cause,
        })
    });
    Ok(awaiting.collect())
}

/// For each of them, in their order, another one that looks the same.
pub(super) async fn find_twins(
    invoices: &[Awaiting],
    window: SignedDuration,
    uow: &mut dyn UnitOfWork,
) -> Result<Vec<Option<InvoiceId>>, StorageError> {
    if window.is_zero() || invoices.is_empty() {
        return Ok(vec![None; invoices.len()]);
    }
    let look = |Awaiting { invoice, .. }: &Awaiting| Lookalike {
        organization_id: invoice.facts().organization_id,
        id: invoice.facts().id,
        likeness: likeness_of(invoice.facts()),
        created_at: invoice.facts().created_at,
    };
    let lookalikes: Vec<_> = invoices.iter().map(look).collect();
    uow.invoice_reviews().find_twins(&lookalikes, window).await
}
