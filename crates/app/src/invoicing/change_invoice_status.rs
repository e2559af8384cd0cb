//! Taking an invoice a step further in its life.

mod being_paid;
mod refusal;

use std::sync::Arc;

use domain::{
    ids::InvoiceId,
    invoicing::{Invoice, InvoiceFacts, InvoiceStatus, Step},
    version::Precondition,
};

use self::being_paid::refuse_while_paying;
pub use self::refusal::ChangeInvoiceStatusError;
use super::{bookkeeping::InTheBooks, issuing::issue};
use crate::{
    ledger::Desk,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork, Written},
    transaction::CommandHandler,
    vouchers::drop_vouchers,
};

/// Take this invoice to a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeInvoiceStatus {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: InvoiceId,
    /// Which versions may be changed.
    pub precondition: Precondition,
    /// Where to.
    pub to: InvoiceStatus,
}

/// Changes statuses.
pub struct ChangeInvoiceStatusHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ChangeInvoiceStatusHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }

    fn desk<'a>(&'a self, command: &'a ChangeInvoiceStatus, invoice: &Invoice) -> Desk<'a> {
        Desk {
            caller: &command.caller,
            ids: self.ids.as_ref(),
            now: invoice.facts().updated_at,
        }
    }
}

impl CommandHandler<ChangeInvoiceStatus> for ChangeInvoiceStatusHandler {
    type Output = InvoiceFacts;
    type Error = ChangeInvoiceStatusError;

    const NAME: &'static str = "change_invoice_status";

    async fn handle(
        &self,
        command: &ChangeInvoiceStatus,
        uow: &mut dyn UnitOfWork,
    ) -> Result<InvoiceFacts, ChangeInvoiceStatusError> {
        let organization_id = command.caller.organization_id;
        let invoices = uow.invoices();
        let found = invoices
            .find_for_update(organization_id, command.id)
            .await?;
        let mut invoice = found.ok_or(ChangeInvoiceStatusError::NotFound(command.id))?;
        invoice.facts().check(&command.precondition)?;
        let in_the_books = InTheBooks::of(invoice.facts());
        refuse_while_paying(&invoice, command.to, uow).await?;

        match invoice.step_to(command.to)? {
            Step::Issue(chosen) => issue(&mut invoice, chosen, self.clock.as_ref(), uow).await?,
            Step::Withdraw => {
                invoice.advance(command.to, self.clock.now())?;
                let numbers = uow.invoice_numbers();
                numbers.mark_cancelled(organization_id, command.id).await?;
                drop_vouchers(invoice.facts(), self.desk(command, &invoice), uow).await?;
            }
            Step::Advance => invoice.advance(command.to, self.clock.now())?,
        }

        if uow.invoices().update(&invoice).await? == Written::AlreadyThere {
            // A client has chosen the number for an invoice of its own since it was taken.
            uow.lose_race();
            return Err(StorageError::Contended { attempts: 1 }.into());
        }
        let desk = self.desk(command, &invoice);
        in_the_books
            .follow(invoice.facts(), desk.postings(), uow)
            .await?;
        desk.recorder().record(&mut invoice, uow).await?;
        Ok(invoice.facts().clone())
    }
}

#[cfg(test)]
mod tests;
