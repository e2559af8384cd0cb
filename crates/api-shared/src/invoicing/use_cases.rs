//! The use cases of invoices.

use std::sync::Arc;

use app::{
    invoicing::{
        ChangeInvoiceStatusHandler, CreateInvoiceHandler, DeleteInvoiceHandler, EditInvoiceHandler,
    },
    ports::{Clock, IdGenerator, InvoiceQueries, NumberRegisterQueries},
};

/// What can be done with invoices.
#[derive(Clone)]
pub struct InvoicingUseCases {
    /// Drafts one.
    pub create: Arc<CreateInvoiceHandler>,
    /// Changes a draft.
    pub edit: Arc<EditInvoiceHandler>,
    /// Takes one a step further.
    pub change_status: Arc<ChangeInvoiceStatusHandler>,
    /// Deletes a draft.
    pub delete: Arc<DeleteInvoiceHandler>,
    /// Reads them.
    pub queries: Arc<dyn InvoiceQueries>,
    /// Reads the register of their numbers.
    pub register: Arc<dyn NumberRegisterQueries>,
    /// Tells the day.
    pub clock: Arc<dyn Clock>,
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
