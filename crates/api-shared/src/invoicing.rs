//! Invoices, as both APIs offer them.

mod invoice_fields;
mod invoice_filter;
mod refusals;
mod use_cases;

pub(crate) use self::invoice_filter::{end_of, start_of};
pub use self::{
    invoice_fields::{AsOf, invoice_changes, new_invoice, new_status},
    invoice_filter::invoice_filter,
    use_cases::InvoicingUseCases,
};
