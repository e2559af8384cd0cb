//! What is to be different about a draft.

use domain::{
    invoicing::{DueDate, InvoiceContents, InvoiceNumber, LineItems},
    values::{Currency, Metadata, Notes},
};

use super::{BillTo, bill_to::Buyer};

/// What is to be different. `None` keeps what is there; `Some(None)` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceChanges {
    /// What it is to be called.
    pub number: Option<Option<InvoiceNumber>>,
    /// Who is to pay.
    pub bill_to: Option<BillTo>,
    /// What its amounts are in.
    pub currency: Option<Currency>,
    /// Its lines, all of them.
    pub items: Option<LineItems>,
    /// When it is to be paid.
    pub due_date: Option<DueDate>,
    /// Remarks.
    pub notes: Option<Option<Notes>>,
    /// The client's notes, all of them.
    pub metadata: Option<Metadata>,
}

impl InvoiceChanges {
    /// What is written on it with the changes. `buyer` is who `bill_to` turned out to be.
    pub(super) fn apply_to(
        &self,
        contents: &InvoiceContents,
        buyer: Option<Buyer>,
    ) -> InvoiceContents {
        let old = contents.clone();
        let new = self.clone();
        let (customer_id, customer) = match buyer {
            None => (old.customer_id, old.customer),
            Some(buyer) => (buyer.customer_id, buyer.party),
        };
        InvoiceContents {
            number: new.number.unwrap_or(old.number),
            customer_id,
            customer,
            currency: new.currency.unwrap_or(old.currency),
            items: new.items.unwrap_or(old.items),
            due_date: new.due_date.unwrap_or(old.due_date),
            notes: new.notes.unwrap_or(old.notes),
            metadata: new.metadata.unwrap_or(old.metadata),
            rounding: old.rounding,
        }
    }
}
