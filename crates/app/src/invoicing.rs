//! Invoices.

mod awaiting_review;
mod bill_to;
mod bookkeeping;
mod cached_invoice_queries;
mod change_invoice_status;
mod create_invoice;
mod delete_invoice;
mod draft_contents;
mod edit_invoice;
mod forget_looks;
mod invoice_changes;
mod invoice_summary;
mod invoice_validator;
mod invoice_view;
mod issuing;
mod likeness;
mod number_register;
mod numbering;
mod review_invoices;
mod review_policy;
mod review_view;
mod sweep_overdue;
mod timeline;

pub use awaiting_review::InvoiceWritten;
pub use bill_to::BillTo;
pub use cached_invoice_queries::CachedInvoiceQueries;
pub use change_invoice_status::{
    ChangeInvoiceStatus, ChangeInvoiceStatusError, ChangeInvoiceStatusHandler,
};
pub use create_invoice::{CreateInvoice, CreateInvoiceError, CreateInvoiceHandler};
pub use delete_invoice::{DeleteInvoice, DeleteInvoiceError, DeleteInvoiceHandler};
pub use edit_invoice::{EditInvoice, EditInvoiceError, EditInvoiceHandler};
pub use forget_looks::{ForgetLooks, ForgetLooksHandler};
pub use invoice_changes::InvoiceChanges;
pub use invoice_summary::{AgedReceivables, CurrencySummary, SummaryLine, SummaryRow, summarise};
pub use invoice_validator::InvoiceValidator;
pub use invoice_view::{InvoiceEntry, InvoiceView, LineView, PartyView, TaxShareView};
pub use number_register::{NumberGap, NumberRegister};
pub use review_invoices::{ReviewInvoices, ReviewInvoicesHandler, Reviewed};
pub use review_policy::ReviewPolicy;
pub use review_view::{ReviewReasonView, ReviewView};
pub use sweep_overdue::{SweepOverdue, SweepOverdueError, SweepOverdueHandler, Swept};
pub use timeline::{TimelineActor, TimelineEntry};
