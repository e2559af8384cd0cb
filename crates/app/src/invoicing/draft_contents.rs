//! What a new invoice says, also where its client did not.

use domain::{
    invoicing::{DueDate, InvoiceContents},
    platform::OrganizationProfile,
};
use jiff::civil::Date;

use super::{CreateInvoice, bill_to::Buyer};

/// What is written on a new invoice: what the client says, then what the buyer prefers, then what the seller does.
pub(super) fn draft_contents(
    command: &CreateInvoice,
    buyer: Buyer,
    seller: &OrganizationProfile,
    today: Date,
) -> InvoiceContents {
    let due_by_default = || DueDate::after(seller.payment_terms, today);
    let preferred_currency = buyer.currency.unwrap_or(seller.default_currency);
    InvoiceContents {
        number: command.number.clone(),
        customer_id: buyer.customer_id,
        customer: buyer.party,
        currency: command.currency.unwrap_or(preferred_currency),
        items: command.items.clone(),
        due_date: command.due_date.unwrap_or_else(due_by_default),
        notes: command.notes.clone(),
        metadata: command.metadata.clone(),
        rounding: seller.rounding,
    }
}
