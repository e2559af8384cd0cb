//! Changing a voucher: enabling it, disabling it, limiting it, noting something about it.

use std::sync::Arc;

use domain::{
    version::{Precondition, VersionConflict},
    vouchers::{VoucherCode, VoucherFacts, VoucherRevision},
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Change this voucher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviseVoucher {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub code: VoucherCode,
    /// Which versions may be changed.
    pub precondition: Precondition,
    /// What is to be different.
    pub revision: VoucherRevision,
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
        command.precondition.check(voucher.facts().version)?;

        let begins_to_count = voucher.revise(command.revision.clone(), self.clock.now());

        uow.vouchers().update(&voucher).await?;
        if begins_to_count {
            let campaign_id = voucher.facts().campaign_id;
            uow.campaigns().recount(campaign_id).await?;
        }
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut voucher, uow).await?;
        Ok(voucher.facts().clone())
    }
}
