//! Invoices.

mod client_names;
mod drafts;
mod invoice_columns;
mod invoice_documents;
mod invoice_list;
mod invoice_numbers;
mod invoice_queries;
mod invoice_repository;
mod invoice_reviews;
mod invoice_row;
mod number_register;
mod review_document;
mod summary;
mod timeline;
mod unswept_invoices;

pub(crate) use drafts::DRAFTS;
pub use invoice_queries::PgInvoiceQueries;
pub(crate) use invoice_repository::{INSERT, INSERT_SQL};
pub use number_register::PgNumberRegisterQueries;
pub use summary::PgSummaryFolding;
pub(crate) use timeline::actor_from;
