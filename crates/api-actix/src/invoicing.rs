//! Invoices.

mod change_invoice_status;
mod create_invoice;
mod delete_invoice;
mod edit_invoice;
mod get_invoice;
mod get_summary;
mod invoice_body;
mod invoice_entry;
mod invoice_fields;
mod invoice_schema;
mod kept_answers;
mod list_invoice_events;
mod list_invoices;
mod list_number_register;

use std::sync::Arc;

use app::{
    invoicing::{
        ChangeInvoiceStatusHandler, CreateInvoiceHandler, DeleteInvoiceHandler, EditInvoiceHandler,
    },
    ports::{Clock, IdGenerator, InvoiceQueries, NumberRegisterQueries},
};
use utoipa_actix_web::service_config::ServiceConfig;

/// What can be done with invoices.
pub struct InvoicingUseCases {
    pub(crate) create: Arc<CreateInvoiceHandler>,
    pub(crate) edit: Arc<EditInvoiceHandler>,
    pub(crate) change_status: Arc<ChangeInvoiceStatusHandler>,
    pub(crate) delete: Arc<DeleteInvoiceHandler>,
    pub(crate) queries: Arc<dyn InvoiceQueries>,
    pub(crate) register: Arc<dyn NumberRegisterQueries>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl InvoicingUseCases {
    /// The use cases over these ports.
    pub fn new(
        queries: Arc<dyn InvoiceQueries>,
        register: Arc<dyn NumberRegisterQueries>,
        clock: &Arc<dyn Clock>,
        ids: &Arc<dyn IdGenerator>,
    ) -> Self {
        let (now, ids) = (|| Arc::clone(clock), || Arc::clone(ids));
        Self {
            create: Arc::new(CreateInvoiceHandler::new(now(), ids())),
            edit: Arc::new(EditInvoiceHandler::new(now(), ids())),
            change_status: Arc::new(ChangeInvoiceStatusHandler::new(now(), ids())),
            delete: Arc::new(DeleteInvoiceHandler::new(now(), ids())),
            queries,
            register,
            clock: now(),
        }
    }
}

/// Paths with a name come before those with an id in the same place.
pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(get_summary::get_invoice_summary)
        .service(list_number_register::list_number_register)
        .service(create_invoice::create_invoice)
        .service(list_invoices::list_invoices)
        .service(get_invoice::get_invoice)
        .service(edit_invoice::edit_invoice)
        .service(delete_invoice::delete_invoice)
        .service(change_invoice_status::change_invoice_status)
        .service(list_invoice_events::list_invoice_events);
}

#[cfg(test)]
mod tests;
