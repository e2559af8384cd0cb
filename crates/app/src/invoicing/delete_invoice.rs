//! Deleting a draft.

use std::sync::Arc;

use domain::{
    ids::InvoiceId,
    invoicing::NotDeletable,
    version::{Precondition, VersionConflict},
};

use crate::{
    ledger::Desk,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
    vouchers::drop_vouchers,
};

/// Delete this draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteInvoice {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: InvoiceId,
    /// Which versions may be deleted.
    pub precondition: Precondition,
}

/// Why a draft was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteInvoiceError {
    /// There is no such invoice.
    #[error("there is no invoice {0}")]
    NotFound(InvoiceId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The invoice does not allow it.
    #[error(transparent)]
    Refused(#[from] NotDeletable),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Deletes drafts.
pub struct DeleteInvoiceHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl DeleteInvoiceHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<DeleteInvoice> for DeleteInvoiceHandler {
    type Output = ();
    type Error = DeleteInvoiceError;

    const NAME: &'static str = "delete_invoice";

    async fn handle(
        &self,
        command: &DeleteInvoice,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), DeleteInvoiceError> {
        let organization_id = command.caller.organization_id;
        let found = uow
            .invoices()
            .find_for_update(organization_id, command.id)
            .await?;
        let mut invoice = found.ok_or(DeleteInvoiceError::NotFound(command.id))?;
        invoice.facts().check(&command.precondition)?;

        let desk = Desk {
            caller: &command.caller,
            ids: self.ids.as_ref(),
            now: self.clock.now(),
        };
        invoice.delete(desk.now)?;
        drop_vouchers(invoice.facts(), desk, uow).await?;

        uow.invoices().delete(&invoice).await?;
        desk.recorder().record(&mut invoice, uow).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
