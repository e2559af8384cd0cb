//! Issuing a draft.

use domain::invoicing::{Invoice, InvoiceNumber, Party, Series};
use jiff::Timestamp;

use super::{ChangeInvoiceStatusError, numbering::take_number};
use crate::ports::UnitOfWork;

/// Issues a draft under the number that the client has chosen, or else under the next one of its seller's series.
pub(super) async fn issue(
    invoice: &mut Invoice,
    chosen: Option<InvoiceNumber>,
    now: Timestamp,
    uow: &mut dyn UnitOfWork,
) -> Result<(), ChangeInvoiceStatusError> {
    let organization_id = invoice.facts().organization_id;
    let found = uow.organizations().find(organization_id).await?;
    let gone = ChangeInvoiceStatusError::OrganizationNotFound(organization_id);
    let seller = found.ok_or(gone)?.profile;
    let number = if let Some(number) = chosen {
        number
    } else {
        let series = Series::at(&seller.invoice_number_prefix, now);
        take_number(invoice.facts(), &series, uow).await?
    };
    Ok(invoice.issue(number, Party::from(&seller), now)?)
}
