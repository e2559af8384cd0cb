//! What invoices do to the ledger, in the transaction that changes them.
//!
//! As long as this is the only way in which the status of an invoice moves money, what is due on all issued invoices that
//! are not cancelled is what is on `receivables`.

use domain::{
    invoicing::{InvoiceFacts, InvoiceStatus},
    ledger::{
        Rejection, SystemAccount, TransferAmount, TransferDetails, TransferKind, TransferReference,
    },
    values::{InvalidValue, Metadata},
};

use super::ChangeInvoiceStatusError;
use crate::{
    ledger::{Party, PostWithinError, Postings, TransferRequest, post_within},
    ports::{InvoicePayment, StorageError, UnitOfWork},
};

/// What the books have of an invoice before it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InTheBooks {
    is_issued: bool,
    due_minor: i64,
}

impl InTheBooks {
    /// That of an invoice as it is.
    pub(super) fn of(invoice: &InvoiceFacts) -> Self {
        Self {
            is_issued: invoice.state.issue().is_some(),
            due_minor: invoice.amount_due_minor(),
        }
    }

    /// Posts what follows from what an invoice has become, and notes what was paid outside.
    pub(super) async fn follow(
        self,
        invoice: &InvoiceFacts,
        postings: Postings<'_>,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), ChangeInvoiceStatusError> {
        self.note_payment(invoice, postings, uow).await?;
        let requests = self.requests(invoice).map_err(unstorable)?;
        if requests.is_empty() {
            return Ok(());
        }
        match post_within(&requests, postings, uow).await {
            Ok(_posted) => Ok(()),
            Err(PostWithinError::Rejected(why)) => Err(why.into()),
            Err(PostWithinError::Storage(error)) => Err(error.into()),
        }
    }

    /// Notes what was paid outside of the service, if that is what settled the invoice.
    async fn note_payment(
        self,
        invoice: &InvoiceFacts,
        postings: Postings<'_>,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), StorageError> {
        if invoice.state.status() != InvoiceStatus::Paid || self.due_minor == 0 {
            return Ok(());
        }
        let outside = InvoicePayment {
            id: postings.ids.new_id(),
            organization_id: postings.organization_id,
            invoice_id: invoice.id,
            payment_id: None,
            amount_minor: self.due_minor,
            paid_at: postings.now,
        };
        uow.invoice_payments().apply(outside).await
    }

    fn requests(self, invoice: &InvoiceFacts) -> Result<Vec<TransferRequest>, InvalidValue> {
        match invoice.state.status() {
            InvoiceStatus::Sent => earnings(invoice, |from, minor| {
                let sides = [from, SystemAccount::Receivables];
                request(invoice, TransferKind::InvoiceIssued, sides, minor)
            }),
            InvoiceStatus::Paid => {
                let sides = [SystemAccount::Receivables, SystemAccount::External];
                let paid = request(invoice, TransferKind::InvoicePaid, sides, self.due_minor);
                Ok(paid?.into_iter().collect())
            }
            InvoiceStatus::Cancelled if self.is_issued => earnings(invoice, |to, minor| {
                let sides = [SystemAccount::Receivables, to];
                request(invoice, TransferKind::InvoiceCancelled, sides, minor)
            }),
            InvoiceStatus::Draft
            | InvoiceStatus::Viewed
            | InvoiceStatus::Overdue
            | InvoiceStatus::Cancelled => Ok(Vec::new()),
        }
    }
}

/// What an invoice comes to: what was earned, and what of it is tax.
fn earnings(
    invoice: &InvoiceFacts,
    request: impl Fn(SystemAccount, i64) -> Result<Option<TransferRequest>, InvalidValue>,
) -> Result<Vec<TransferRequest>, InvalidValue> {
    let totals = &invoice.totals;
    let net_minor = totals.subtotal_minor - totals.discount_minor;
    let net = request(SystemAccount::Revenue, net_minor)?;
    let tax = request(SystemAccount::TaxPayable, totals.tax_minor)?;
    Ok(net.into_iter().chain(tax).collect())
}

/// A transfer for an invoice; nothing moves nothing.
fn request(
    invoice: &InvoiceFacts,
    kind: TransferKind,
    [source, destination]: [SystemAccount; 2],
    minor: i64,
) -> Result<Option<TransferRequest>, InvalidValue> {
    if minor == 0 {
        return Ok(None);
    }
    Ok(Some(TransferRequest {
        kind,
        source: Party::System(source),
        destination: Party::System(destination),
        amount: TransferAmount::from_minor(minor)?,
        currency: invoice.contents.currency,
        details: TransferDetails {
            description: None,
            reference: Some(TransferReference::parse(&invoice.id.to_string())?),
            metadata: Metadata::default(),
            reverses: None,
        },
    }))
}

/// Amounts of an invoice can be moved, unless what is stored of it is wrong.
fn unstorable(why: InvalidValue) -> StorageError {
    StorageError::Corrupt {
        entity: "invoice",
        source: Box::new(why),
    }
}

impl From<Rejection> for ChangeInvoiceStatusError {
    fn from(why: Rejection) -> Self {
        Self::Unbookable(why)
    }
}

#[cfg(test)]
mod tests;
