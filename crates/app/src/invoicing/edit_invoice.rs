//! Changing what is written on a draft.

use std::sync::Arc;

use domain::{
    ids::{CustomerId, InvoiceId},
    invoicing::{
        DueDate, InvoiceContents, InvoiceFacts, InvoiceNumber, LineItems, Party, RewriteError,
    },
    values::{Currency, Metadata, Notes},
    version::{Precondition, VersionConflict},
};

use super::BillTo;
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork, Written},
    transaction::CommandHandler,
};

/// What is to be different. `None` keeps what is there; `Some(None)` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceChanges {
    /// What it is to be called.
    pub number: Option<Option<InvoiceNumber>>,
    /// Who is to pay.
    pub bill_to: Option<BillTo>,
    /// What its amounts are in.
    pub currency: Option<Currency>,
    /// Its lines, all of them.
    pub items: Option<LineItems>,
    /// When it is to be paid.
    pub due_date: Option<DueDate>,
    /// Remarks.
    pub notes: Option<Option<Notes>>,
    /// The client's notes, all of them.
    pub metadata: Option<Metadata>,
}

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

/// Why a draft was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditInvoiceError {
    /// There is no such invoice.
    #[error("there is no invoice {0}")]
    NotFound(InvoiceId),
    /// There is no such customer.
    #[error("there is no customer {0}")]
    CustomerNotFound(CustomerId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// Its number is another's.
    #[error("another invoice has this number")]
    AlreadyExists,
    /// The invoice does not allow it.
    #[error(transparent)]
    Refused(#[from] RewriteError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
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

/// What is written on it now, with the changes.
async fn changed_contents(
    command: &EditInvoice,
    old: InvoiceContents,
    uow: &mut dyn UnitOfWork,
) -> Result<InvoiceContents, EditInvoiceError> {
    let new = command.changes.clone();
    let (customer_id, customer) = match new.bill_to {
        None => (old.customer_id, old.customer),
        Some(BillTo::Inline(party)) => (None, party),
        Some(BillTo::Registered(id)) => {
            let found = uow
                .customers()
                .find(command.caller.organization_id, id)
                .await?;
            let profile = found.ok_or(EditInvoiceError::CustomerNotFound(id))?.profile;
            (Some(id), Party::from(&profile))
        }
    };
    Ok(InvoiceContents {
        number: new.number.unwrap_or(old.number),
        customer_id,
        customer,
        currency: new.currency.unwrap_or(old.currency),
        items: new.items.unwrap_or(old.items),
        due_date: new.due_date.unwrap_or(old.due_date),
        notes: new.notes.unwrap_or(old.notes),
        metadata: new.metadata.unwrap_or(old.metadata),
        rounding: old.rounding,
    })
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
        let found = uow
            .invoices()
            .find_for_update(organization_id, command.id)
            .await?;
        let mut invoice = found.ok_or(EditInvoiceError::NotFound(command.id))?;
        command.precondition.check(invoice.facts().version)?;
        invoice.check_editable().map_err(RewriteError::from)?;

        let old = invoice.facts().contents.clone();
        let contents = changed_contents(command, old, uow).await?;
        invoice.rewrite(contents, self.clock.now())?;

        if uow.invoices().update(&invoice).await? == Written::AlreadyThere {
            return Err(EditInvoiceError::AlreadyExists);
        }
        let recorder = Recorder::new(&command.caller, self.ids.as_ref(), self.clock.as_ref());
        recorder.record(&mut invoice, uow).await?;
        Ok(invoice.facts().clone())
    }
}

#[cfg(test)]
mod tests;
