//! Changing a voucher: enabling it, disabling it, limiting it.

use std::sync::Arc;

use domain::{
    version::{Precondition, VersionConflict},
    vouchers::{Cap, VoucherCode, VoucherFacts, VoucherStatus},
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Change this voucher. `None` keeps what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviseVoucher {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub code: VoucherCode,
    /// Which versions may be changed.
    pub precondition: Precondition,
    /// Whether it can be redeemed.
    pub status: Option<VoucherStatus>,
    /// How often; `Some(None)` is as often as its campaign says.
    pub max_redemptions: Option<Option<Cap>>,
}

/// Why it was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ReviseVoucherError {
    /// There is no such voucher.
    #[error("there is no voucher {0}")]
    NotFound(VoucherCode),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Changes vouchers.
pub struct ReviseVoucherHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ReviseVoucherHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<ReviseVoucher> for ReviseVoucherHandler {
    type Output = VoucherFacts;
    type Error = ReviseVoucherError;

    const NAME: &'static str = "revise_voucher";

    async fn handle(
        &self,
        command: &ReviseVoucher,
        uow: &mut dyn UnitOfWork,
    ) -> Result<VoucherFacts, ReviseVoucherError> {
        let owner = command.caller.organization_id;
        let found = uow.vouchers().find_for_update(owner, &command.code).await?;
        let unknown = || ReviseVoucherError::NotFound(command.code.clone());
        let mut voucher = found.ok_or_else(unknown)?;
        let before = voucher.facts().clone();
        command.precondition.check(before.version)?;

        let status = command.status.unwrap_or(before.status);
        let max_redemptions = command.max_redemptions.unwrap_or(before.max_redemptions);
        voucher.revise(status, max_redemptions, self.clock.now());

        uow.vouchers().update(&voucher).await?;
        if before.max_redemptions.is_none() && max_redemptions.is_some() {
            uow.campaigns().recount(before.campaign_id).await?;
        }
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut voucher, uow).await?;
        Ok(voucher.facts().clone())
    }
}
