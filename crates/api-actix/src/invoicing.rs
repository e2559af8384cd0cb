//! Invoices.

mod change_invoice_status;
mod create_invoice;
mod delete_invoice;
mod edit_invoice;
mod get_invoice;
mod get_summary;
mod invoice_body;
mod invoice_entry;
mod invoice_schema;
mod kept_answers;
mod list_invoice_events;
mod list_invoice_payments;
mod list_invoices;
mod list_number_register;
mod review_body;

pub(crate) use self::{
    invoice_body::{InvoiceBody, changed},
    list_invoice_events::ActorBody,
};

use utoipa_actix_web::service_config::ServiceConfig;

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
        .service(list_invoice_events::list_invoice_events)
        .service(list_invoice_payments::list_invoice_payments);
}

#[cfg(test)]
mod tests;
