//! Taking a voucher off a draft.

use std::sync::Arc;

use domain::{
    ids::InvoiceId,
    invoicing::{InvoiceFacts, RewriteError},
    version::{Precondition, VersionConflict},
    vouchers::{Redemption, VoucherCode},
};

use super::{
    apply_voucher::{applied_to, save},
    dropping::release,
    restating::restate_others,
};
use crate::{
    ledger::Desk,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Take this voucher off a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeOffVoucher {
    /// For whom.
    pub caller: Caller,
    /// Off which one.
    pub invoice_id: InvoiceId,
    /// Which versions may be changed.
    pub precondition: Precondition,
    /// The code.
    pub code: VoucherCode,
}

/// Why it was not taken off.
#[derive(Debug, thiserror::Error)]
pub enum TakeOffVoucherError {
    /// There is no such invoice.
    #[error("there is no invoice {0}")]
    InvoiceNotFound(InvoiceId),
    /// The voucher is not on it.
    #[error("the voucher {0} is not applied to the invoice")]
    NotApplied(VoucherCode),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The invoice does not allow it.
    #[error(transparent)]
    Invoice(#[from] RewriteError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Takes vouchers off. The others take off what they may of what has become free.
pub struct TakeOffVoucherHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl TakeOffVoucherHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<TakeOffVoucher> for TakeOffVoucherHandler {
    type Output = InvoiceFacts;
    type Error = TakeOffVoucherError;

    const NAME: &'static str = "take_off_voucher";

    async fn handle(
        &self,
        command: &TakeOffVoucher,
        uow: &mut dyn UnitOfWork,
    ) -> Result<InvoiceFacts, TakeOffVoucherError> {
        let owner = command.caller.organization_id;
        let id = command.invoice_id;
        let found = uow.invoices().find_for_update(owner, id).await?;
        let mut invoice = found.ok_or(TakeOffVoucherError::InvoiceNotFound(id))?;
        invoice.facts().check(&command.precondition)?;
        invoice.check_editable().map_err(RewriteError::from)?;
        let applied = applied_to(&invoice, uow).await?;
        let is_it = |it: &Redemption| it.facts().use_of.code == command.code;
        let (mut found, others): (Vec<_>, Vec<_>) = applied.into_iter().partition(is_it);
        let not_applied = || TakeOffVoucherError::NotApplied(command.code.clone());
        let mut redemption = found.pop().ok_or_else(not_applied)?;
        let desk = Desk {
            caller: &command.caller,
            ids: self.ids.as_ref(),
            now: self.clock.now(),
        };

        release(&mut redemption, desk, uow).await?;
        let left_minor = restate_others(invoice.facts(), others, (desk, uow)).await?;
        invoice.discount(left_minor, desk.now)?;
        save(&mut invoice, desk, uow).await?;
        Ok(invoice.facts().clone())
    }
}
