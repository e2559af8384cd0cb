//! What is written on an invoice, as long as it is a draft.

use super::{DueDate, InvoiceNumber, LineItems, Party};
use crate::{
    ids::CustomerId,
    values::{Currency, Metadata, Notes, Rounding},
};

/// What a client decides about an invoice. Frozen when the invoice is issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceContents {
    /// The number that the client has chosen, if it has.
    pub number: Option<InvoiceNumber>,
    /// The customer it was made for, if it is one that is registered.
    pub customer_id: Option<CustomerId>,
    /// Who has to pay it, as they were when they were put on it.
    pub customer: Party,
    /// What all its amounts are in.
    pub currency: Currency,
    /// Its lines.
    pub items: LineItems,
    /// When it is to be paid.
    pub due_date: DueDate,
    /// Remarks.
    pub notes: Option<Notes>,
    /// The client's notes.
    pub metadata: Metadata,
    /// How its amounts are rounded.
    pub rounding: Rounding,
}

impl InvoiceContents {
    /// Whether vouchers take the same off `other`: it has the same lines, in the same currency, for the same customer.
    pub fn is_discounted_like(&self, other: &Self) -> bool {
        let lines = |it: &Self| (it.currency, it.rounding);
        lines(self) == lines(other)
            && self.items == other.items
            && self.customer_id == other.customer_id
            && self.customer == other.customer
    }

    /// The names of the fields in which `other` differs, in the order of the API.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let fields = [
            ("number", self.number != other.number),
            ("customer_id", self.customer_id != other.customer_id),
            ("customer", self.customer != other.customer),
            ("currency", self.currency != other.currency),
            ("items", self.items != other.items),
            ("due_date", self.due_date != other.due_date),
            ("notes", self.notes != other.notes),
            ("metadata", self.metadata != other.metadata),
        ];
        let changed = |(name, differs): (&'static str, bool)| differs.then_some(name);
        fields.into_iter().filter_map(changed).collect()
    }
}
