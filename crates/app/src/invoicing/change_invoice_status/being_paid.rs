//! What a client may not decide while a payment may still decide it.

use domain::invoicing::{ChangeStatusError, Invoice, InvoiceStatus};

use super::ChangeInvoiceStatusError;
use crate::ports::UnitOfWork;

/// Refuses to call an invoice paid or cancelled while payments of it are under way.
pub(super) async fn refuse_while_paying(
    invoice: &Invoice,
    to: InvoiceStatus,
    uow: &mut dyn UnitOfWork,
) -> Result<(), ChangeInvoiceStatusError> {
    if !matches!(to, InvoiceStatus::Paid | InvoiceStatus::Cancelled) {
        return Ok(());
    }
    let invoice_of = invoice.facts();
    let running = uow
        .invoice_payments()
        .running_minor(invoice_of.organization_id, invoice_of.id);
    let refused = invoice.refuse_while_paying(running.await?);
    Ok(refused.map_err(ChangeStatusError::from)?)
}
