//! Applying a voucher to a draft.

use std::sync::Arc;

use domain::{
    ids::InvoiceId,
    invoicing::{Invoice, InvoiceFacts, RewriteError},
    version::{Precondition, VersionConflict},
    vouchers::{Holder, Redemption, RedemptionTarget, Request, VoucherCode, VoucherKind},
};

use super::redeeming::{RedeemError, Redeeming, note};
use crate::{
    ledger::Desk,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork, Written},
    transaction::CommandHandler,
};

/// Apply this voucher to a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyVoucher {
    /// For whom.
    pub caller: Caller,
    /// To which one.
    pub invoice_id: InvoiceId,
    /// Which versions may be changed.
    pub precondition: Precondition,
    /// The code.
    pub code: VoucherCode,
}

/// Why it was not applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyVoucherError {
    /// There is no such invoice.
    #[error("there is no invoice {0}")]
    InvoiceNotFound(InvoiceId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The invoice does not allow it.
    #[error(transparent)]
    Invoice(#[from] RewriteError),
    /// The voucher does not allow it.
    #[error(transparent)]
    Voucher(#[from] RedeemError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Applies vouchers.
pub struct ApplyVoucherHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ApplyVoucherHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<ApplyVoucher> for ApplyVoucherHandler {
    type Output = InvoiceFacts;
    type Error = ApplyVoucherError;

    const NAME: &'static str = "apply_voucher";

    async fn handle(
        &self,
        command: &ApplyVoucher,
        uow: &mut dyn UnitOfWork,
    ) -> Result<InvoiceFacts, ApplyVoucherError> {
        let owner = command.caller.organization_id;
        let id = command.invoice_id;
        let found = uow.invoices().find_for_update(owner, id).await?;
        let mut invoice = found.ok_or(ApplyVoucherError::InvoiceNotFound(id))?;
        invoice.facts().check(&command.precondition)?;
        invoice.check_editable().map_err(RewriteError::from)?;
        let others = applied_to(&invoice, uow).await?;
        let holder = holder_of(invoice.facts());
        let is_it = |it: &Redemption| it.facts().use_of.code == command.code;
        let redeeming = Redeeming {
            code: &command.code,
            kind: VoucherKind::Discount,
            holder: &holder,
            is_applied: others.iter().any(is_it),
        };
        let desk = Desk {
            caller: &command.caller,
            ids: self.ids.as_ref(),
            now: self.clock.now(),
        };
        let standing = redeeming.find(desk, uow).await?;
        let request = request_of(invoice.facts(), desk);
        let off_minor = redeeming.claim(&standing, &request, uow).await?;

        let target = RedemptionTarget::Invoice(id);
        let amount = (off_minor, request.currency);
        note(&standing, (target, &holder), amount, (desk, uow)).await?;
        let before_minor = invoice.facts().totals.discount_minor;
        invoice.discount(before_minor + off_minor, desk.now)?;
        save(&mut invoice, desk, uow).await?;
        Ok(invoice.facts().clone())
    }
}

/// What is applied to a draft already. One without a discount has nothing that would have to be looked for.
pub(super) async fn applied_to(
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
pub(super) fn holder_of(invoice: &InvoiceFacts) -> Holder {
    Holder {
        customer_id: invoice.contents.customer_id,
        email: invoice.contents.customer.email.clone(),
    }
}

/// Vouchers take something off the sum of the lines, before tax.
fn request_of(invoice: &InvoiceFacts, desk: Desk<'_>) -> Request {
    let totals = &invoice.totals;
    Request {
        currency: invoice.contents.currency,
        total_minor: totals.subtotal_minor,
        left_minor: totals.subtotal_minor - totals.discount_minor,
        now: desk.now,
    }
}

/// Stores a draft whose discount has changed.
pub(super) async fn save(
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
