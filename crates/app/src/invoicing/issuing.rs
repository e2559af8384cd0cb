//! Issuing a draft.

use domain::invoicing::{Invoice, InvoiceNumber, Party, Series};

use super::{ChangeInvoiceStatusError, numbering::take_number};
use crate::ports::{Clock, StorageError, UnitOfWork};

/// Issues a draft under the number that the client has chosen, or else under the next one of its seller's series.
pub(super) async fn issue(
    invoice: &mut Invoice,
    chosen: Option<InvoiceNumber>,
    clock: &dyn Clock,
    uow: &mut dyn UnitOfWork,
) -> Result<(), ChangeInvoiceStatusError> {
    let organization_id = invoice.facts().organization_id;
    let found = uow.organizations().find(organization_id).await?;
    let gone = ChangeInvoiceStatusError::OrganizationNotFound(organization_id);
    let seller = found.ok_or(gone)?.profile;
    let (number, now) = if let Some(number) = chosen {
        (number, clock.now())
    } else {
        let series = Series::at(&seller.invoice_number_prefix, clock.now());
        let number = take_number(invoice.facts(), &series, uow).await?;
        // Read behind the lock of the series, so that its numbers are in the order of their dates; and read once, so that
        // number and date are of the same year.
        let now = clock.now();
        if Series::at(&seller.invoice_number_prefix, now) != series {
            // The year ended while others were taking their numbers.
            uow.lose_race();
            return Err(StorageError::Contended { attempts: 1 }.into());
        }
        (number, now)
    };
    Ok(invoice.issue(number, Party::from(&seller), now)?)
}
