//! The draft that a voucher is applied to.

use domain::{
    invoicing::{Invoice, InvoiceFacts},
    vouchers::{Holder, Redemption, Request},
};

use crate::{
    ledger::Desk,
    ports::{StorageError, UnitOfWork, Written},
};

/// What is applied to a draft already. One without a discount has nothing that would have to be looked for.
pub(in crate::vouchers) async fn applied_to(
    invoice: &Invoice,
    uow: &mut dyn UnitOfWork,
) -> Result<Vec<Redemption>, StorageError> {
    let facts = invoice.facts();
    if facts.totals.discount_minor == 0 {
        return Ok(Vec::new());
    }
    let redemptions = uow.redemptions();
    redemptions
        .list_of_invoice(facts.organization_id, facts.id)
        .await
}

/// Who redeems what is applied to an invoice.
pub(in crate::vouchers) fn holder_of(invoice: &InvoiceFacts) -> Holder {
    Holder {
        customer_id: invoice.contents.customer_id,
        email: invoice.contents.customer.email.clone(),
    }
}

/// Vouchers take something off the sum of the lines, before tax.
pub(super) fn request_of(invoice: &InvoiceFacts, desk: Desk<'_>) -> Request {
    let totals = &invoice.totals;
    Request {
        currency: invoice.contents.currency,
        total_minor: totals.subtotal_minor,
        left_minor: totals.subtotal_minor - totals.discount_minor,
        now: desk.now,
    }
}

/// Stores a draft whose discount has changed.
pub(in crate::vouchers) async fn save(
    invoice: &mut Invoice,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), StorageError> {
    if uow.invoices().update(invoice).await? == Written::AlreadyThere {
        // Its number is its own, and is not changed here: somebody else has just taken it.
        uow.lose_race();
        return Err(StorageError::Contended { attempts: 1 });
    }
    desk.recorder().record(invoice, uow).await
}
