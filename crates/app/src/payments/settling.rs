//! What follows when the money of a payment or a refund has moved, or will not: in the ledger, and on the invoice.

use domain::{
    ids::{HoldId, InvoiceId},
    invoicing::PaidAmount,
    payments::{Direction, PaymentFacts, RefundFacts},
};

use super::movements::{of_payment, of_refund};
use crate::{
    ledger::{Desk, PostWithinError, TransferRequest, capture_within, post_within, release_within},
    ports::{InvoicePayment, StorageError, UnitOfWork, Written},
};

/// Writes down that the money of a payment has moved.
pub(super) async fn carry_out_payment(
    payment: &PaymentFacts,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), PostWithinError> {
    if let Some(invoice_id) = payment.invoice_id {
        settle_invoice(invoice_id, payment, desk, uow).await?;
    }
    let hold_id = payment.kind.leg().and_then(|leg| leg.hold_id);
    move_money(&of_payment(payment)?, hold_id, desk, uow).await
}

/// Writes down that the money of a refund has moved.
pub(super) async fn carry_out_refund(
    refund: &RefundFacts,
    payment: &PaymentFacts,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), PostWithinError> {
    if let Some(invoice_id) = payment.invoice_id {
        let given_back = PaidAmount {
            payment_id: payment.id,
            amount_minor: refund.amount.as_minor(),
        };
        reopen_invoice(invoice_id, given_back, desk, uow).await?;
    }
    move_money(&of_refund(refund, payment)?, refund.hold_id, desk, uow).await
}

/// Lets go of what was reserved for money that does not move.
pub(super) async fn let_go(
    hold_id: Option<HoldId>,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), StorageError> {
    match hold_id {
        Some(id) => release_within(id, desk, uow).await,
        None => Ok(()),
    }
}

/// Whether the money of a refund leaves one of the ledger's accounts through a provider: then it has to be reserved.
pub(super) fn refund_needs_hold(payment: &PaymentFacts) -> bool {
    let leg = payment.kind.leg();
    leg.is_some_and(|leg| leg.direction == Direction::Charge)
}

async fn move_money(
    requests: &[TransferRequest],
    hold_id: Option<HoldId>,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), PostWithinError> {
    let posted = match hold_id {
        Some(id) => capture_within(id, requests, desk, uow).await?,
        None => post_within(requests, desk.postings(), uow).await?,
    };
    debug_assert_eq!(posted.len(), requests.len());
    Ok(())
}

async fn settle_invoice(
    invoice_id: InvoiceId,
    payment: &PaymentFacts,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), StorageError> {
    let organization_id = desk.caller.organization_id;
    let found = uow.invoices().find_for_update(organization_id, invoice_id);
    let mut invoice = found.await?.ok_or_else(|| out_of_step("it is not there"))?;
    let amount_minor = payment.amount.as_minor();
    let paid = PaidAmount {
        payment_id: payment.id,
        amount_minor,
    };
    invoice.receive(paid, desk.now).map_err(out_of_step)?;
    let stored = uow.invoices().update(&invoice).await?;
    refuse_taken_number(stored, uow)?;
    let applied = InvoicePayment {
        id: desk.ids.new_id(),
        organization_id,
        invoice_id,
        payment_id: Some(payment.id),
        amount_minor,
        paid_at: desk.now,
    };
    uow.invoice_payments().apply(applied).await?;
    desk.recorder().record(&mut invoice, uow).await
}

async fn reopen_invoice(
    invoice_id: InvoiceId,
    given_back: PaidAmount,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), StorageError> {
    let organization_id = desk.caller.organization_id;
    let found = uow.invoices().find_for_update(organization_id, invoice_id);
    let mut invoice = found.await?.ok_or_else(|| out_of_step("it is not there"))?;
    invoice.give_back(given_back, desk.now);
    let stored = uow.invoices().update(&invoice).await?;
    refuse_taken_number(stored, uow)?;
    let payments = uow.invoice_payments();
    payments.take_back(invoice_id, given_back).await?;
    desk.recorder().record(&mut invoice, uow).await
}

/// An issued invoice keeps its number, so only a race can have taken it.
fn refuse_taken_number(stored: Written, uow: &mut dyn UnitOfWork) -> Result<(), StorageError> {
    match stored {
        Written::Stored => Ok(()),
        Written::AlreadyThere => {
            uow.lose_race();
            Err(StorageError::Contended { attempts: 1 })
        }
    }
}

/// An invoice has had room for its payments since they were accepted.
fn out_of_step(why: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>) -> StorageError {
    StorageError::Corrupt {
        entity: "invoice of a payment",
        source: why.into(),
    }
}
