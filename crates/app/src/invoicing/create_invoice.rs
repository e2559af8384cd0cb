//! Drafting an invoice.

use std::sync::Arc;

use domain::{
    ids::{CustomerId, InvoiceId, OrganizationId},
    invoicing::{DueDate, Invoice, InvoiceFacts, InvoiceNumber, LineItems},
    values::{AmountOutOfRange, Currency, Metadata, Notes},
};

use super::{BillTo, draft_contents::draft_contents};
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, Isolation, StorageError, UnitOfWork, Written},
    transaction::CommandHandler,
};

/// Draft an invoice. What is `None` comes from the customer or the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateInvoice {
    /// For whom.
    pub caller: Caller,
    /// Who is to pay.
    pub bill_to: BillTo,
    /// What it is to be called.
    pub number: Option<InvoiceNumber>,
    /// What its amounts are in.
    pub currency: Option<Currency>,
    /// Its lines.
    pub items: LineItems,
    /// When it is to be paid.
    pub due_date: Option<DueDate>,
    /// Remarks.
    pub notes: Option<Notes>,
    /// The client's notes.
    pub metadata: Metadata,
}

/// Why an invoice was not drafted.
#[derive(Debug, thiserror::Error)]
pub enum CreateInvoiceError {
    /// The caller's organization is gone.
    #[error("there is no organization {0}")]
    OrganizationNotFound(OrganizationId),
    /// There is no such customer.
    #[error("there is no customer {0}")]
    CustomerNotFound(CustomerId),
    /// Its number is another's.
    #[error("another invoice has this number")]
    AlreadyExists,
    /// The currency that the customer or the organization prefers is not one any more.
    #[error("the currency {} is withdrawn: name another one", .0.code())]
    CurrencyWithdrawn(Currency),
    /// Its totals cannot be told.
    #[error(transparent)]
    Refused(#[from] AmountOutOfRange),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Drafts invoices.
pub struct CreateInvoiceHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl CreateInvoiceHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<CreateInvoice> for CreateInvoiceHandler {
    type Output = InvoiceFacts;
    type Error = CreateInvoiceError;

    const NAME: &'static str = "create_invoice";
    const ISOLATION: Isolation = Isolation::Additive;

    async fn handle(
        &self,
        command: &CreateInvoice,
        uow: &mut dyn UnitOfWork,
    ) -> Result<InvoiceFacts, CreateInvoiceError> {
        let organization_id = command.caller.organization_id;
        let found = uow.organizations().find(organization_id).await?;
        let gone = CreateInvoiceError::OrganizationNotFound(organization_id);
        let seller = found.ok_or(gone)?.profile;
        let not_found = CreateInvoiceError::CustomerNotFound;
        let buyer = command
            .bill_to
            .buyer(organization_id, uow, not_found)
            .await?;

        let id = InvoiceId::from_uuid(self.ids.new_id());
        let contents = draft_contents(command, buyer, &seller, self.clock.today());
        if !contents.currency.is_active() {
            return Err(CreateInvoiceError::CurrencyWithdrawn(contents.currency));
        }
        let mut invoice = Invoice::draft(id, organization_id, contents, self.clock.now())?;

        if uow.invoices().insert(&invoice).await? == Written::AlreadyThere {
            return Err(CreateInvoiceError::AlreadyExists);
        }
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut invoice, uow).await?;
        Ok(invoice.facts().clone())
    }
}

#[cfg(test)]
mod tests;
