//! Taking an invoice number from a series.

use std::collections::HashMap;

use domain::{
    ids::InvoiceId,
    invoicing::{InvoiceFacts, InvoiceNumber, NumberFate, Series},
};

use crate::ports::{RegisteredNumber, StorageError, UnitOfWork};

/// How many numbers are looked at together once the next one turned out to be a client's: clients that choose numbers of
/// a series choose many.
const WINDOW: i64 = 1_000;

/// Takes the next number of a series for an invoice. Numbers that clients have chosen for invoices of their own are passed
/// over, and put on record as that.
pub(super) async fn take_number(
    invoice: &InvoiceFacts,
    series: &Series,
    uow: &mut dyn UnitOfWork,
) -> Result<InvoiceNumber, StorageError> {
    let organization_id = invoice.organization_id;
    let numbers = uow.invoice_numbers();
    let mut last = numbers.lock(organization_id, series).await?;
    let mut window = 1;
    loop {
        let candidates: Vec<_> = (last + 1..=last + window)
            .map(|position| series.number_at(position))
            .collect();
        let holders = numbers.holders_of(organization_id, &candidates).await?;
        let taken = up_to_the_first_free(candidates, last, &holders, invoice.id);
        numbers.register(organization_id, series, &taken).await?;
        if let Some(issued) = taken
            .into_iter()
            .next_back()
            .filter(|last| last.fate == NumberFate::Issued)
        {
            return Ok(issued.number);
        }
        last += window;
        window = WINDOW;
    }
}

/// What becomes of the numbers behind the position `last`: those that somebody holds are passed over, and the first other
/// one, if there is one, is the invoice's.
fn up_to_the_first_free(
    candidates: Vec<InvoiceNumber>,
    last: i64,
    holders: &[(InvoiceNumber, InvoiceId)],
    invoice_id: InvoiceId,
) -> Vec<RegisteredNumber> {
    let holders: HashMap<_, _> = holders.iter().map(|(number, id)| (number, *id)).collect();
    let mut taken = Vec::new();
    for (position, number) in (last + 1..).zip(candidates) {
        let holder = holders.get(&number).copied();
        taken.push(RegisteredNumber {
            position,
            number,
            invoice_id: holder.unwrap_or(invoice_id),
            fate: match holder {
                None => NumberFate::Issued,
                Some(_) => NumberFate::ChosenByClient,
            },
        });
        if holder.is_none() {
            break;
        }
    }
    taken
}

#[cfg(test)]
mod tests;
