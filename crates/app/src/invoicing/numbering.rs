//! Taking an invoice number from a series.

use domain::invoicing::{InvoiceFacts, InvoiceNumber, NumberFate, Series};

use crate::ports::{RegisteredNumber, StorageError, UnitOfWork};

/// Takes the next number of a series for an invoice. Numbers that clients have chosen for invoices of their own are passed
/// over, and put on record as that.
pub(super) async fn take_number(
    invoice: &InvoiceFacts,
    series: &Series,
    uow: &mut dyn UnitOfWork,
) -> Result<InvoiceNumber, StorageError> {
    let organization_id = invoice.organization_id;
    let numbers = uow.invoice_numbers();
    let mut position = numbers.lock(organization_id, series).await?;
    loop {
        position += 1;
        let number = series.number_at(position);
        let holder = numbers.holder_of(organization_id, &number).await?;
        let taken = RegisteredNumber {
            position,
            number: number.clone(),
            invoice_id: holder.unwrap_or(invoice.id),
            fate: match holder {
                None => NumberFate::Issued,
                Some(_) => NumberFate::ChosenByClient,
            },
        };
        numbers.register(organization_id, series, &taken).await?;
        if holder.is_none() {
            return Ok(number);
        }
    }
}

#[cfg(test)]
mod tests;
