//! Changing what is written on a draft.

mod refusal;

use std::sync::Arc;

use domain::{
    ids::InvoiceId,
    invoicing::{InvoiceFacts, RewriteError},
    version::Precondition,
};

pub use self::refusal::EditInvoiceError;
use super::InvoiceChanges;
use crate::{
    ledger::Desk,
    platform::Caller,
    ports::{Clock, IdGenerator, UnitOfWork, Written},
    transaction::CommandHandler,
    vouchers::restate_vouchers,
};

/// Change this draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditInvoice {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: InvoiceId,
    /// Which versions may be changed.
    pub precondition: Precondition,
    /// What is to be different.
    pub changes: InvoiceChanges,
}

/// Changes drafts.
pub struct EditInvoiceHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl EditInvoiceHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<EditInvoice> for EditInvoiceHandler {
    type Output = InvoiceFacts;
    type Error = EditInvoiceError;

    const NAME: &'static str = "edit_invoice";

    async fn handle(
        &self,
        command: &EditInvoice,
        uow: &mut dyn UnitOfWork,
    ) -> Result<InvoiceFacts, EditInvoiceError> {
        let organization_id = command.caller.organization_id;
        let invoices = uow.invoices();
        let found = invoices
            .find_for_update(organization_id, command.id)
            .await?;
        let mut invoice = found.ok_or(EditInvoiceError::NotFound(command.id))?;
        invoice.facts().check(&command.precondition)?;
        invoice.check_editable().map_err(RewriteError::from)?;

        let buyer = match &command.changes.bill_to {
            None => None,
            Some(bill_to) => {
                let not_found = EditInvoiceError::CustomerNotFound;
                Some(bill_to.buyer(organization_id, uow, not_found).await?)
            }
        };
        let contents = command.changes.apply_to(&invoice.facts().contents, buyer);
        let desk = Desk {
            caller: &command.caller,
            ids: self.ids.as_ref(),
            now: self.clock.now(),
        };
        let discount = restate_vouchers(invoice.facts(), &contents, (desk, uow)).await?;
        invoice.rewrite_with(contents, discount, desk.now)?;

        if uow.invoices().update(&invoice).await? == Written::AlreadyThere {
            return Err(EditInvoiceError::AlreadyExists);
        }
        desk.recorder().record(&mut invoice, uow).await?;
        Ok(invoice.facts().clone())
    }
}

#[cfg(test)]
mod tests;
