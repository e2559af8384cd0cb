//! Applying a voucher to a draft.

mod draft;

use std::sync::Arc;

use domain::{
    ids::InvoiceId,
    invoicing::{InvoiceFacts, RewriteError},
    version::{Precondition, VersionConflict},
    vouchers::{Redemption, RedemptionTarget, VoucherCode, VoucherKind},
};

use self::draft::request_of;
pub(super) use self::draft::{applied_to, holder_of, save};
use super::redeeming::{RedeemError, Redeeming, note};
use crate::{
    ledger::Desk,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
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
