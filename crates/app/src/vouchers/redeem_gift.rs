//! Redeeming a gift: its money goes to an account.

mod at_once;

use std::sync::Arc;

use domain::{
    ids::AccountId,
    ledger::{PostedTransfer, Rejection},
    vouchers::{Holder, RedemptionFacts, VoucherCode},
};

pub(super) use self::at_once::{Asked, Register, redeem_at_once};
use super::redeeming::RedeemError;
use crate::{
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    traces,
    transaction::CommandHandler,
};

/// Redeem this gift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedeemGift {
    /// For whom.
    pub caller: Caller,
    /// The code.
    pub code: VoucherCode,
    /// Where its money goes.
    pub account_id: AccountId,
    /// Who redeems it.
    pub holder: Holder,
}

/// A gift that was redeemed, and the transfer that brought its money.
#[derive(Debug, Clone)]
pub struct RedeemedGift {
    /// The redemption.
    pub redemption: RedemptionFacts,
    /// The transfer.
    pub transfer: PostedTransfer,
}

/// Why it was not redeemed.
#[derive(Debug, thiserror::Error)]
pub enum RedeemGiftError {
    /// The voucher does not allow it.
    #[error(transparent)]
    Voucher(#[from] RedeemError),
    /// The ledger does not allow it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Redeems a gift by itself.
pub struct RedeemGiftHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl RedeemGiftHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<RedeemGift> for RedeemGiftHandler {
    type Output = RedeemedGift;
    type Error = RedeemGiftError;

    const NAME: &'static str = "redeem_gift";

    async fn handle(
        &self,
        command: &RedeemGift,
        uow: &mut dyn UnitOfWork,
    ) -> Result<RedeemedGift, RedeemGiftError> {
        let register = Register {
            now: self.clock.now(),
            ids: self.ids.as_ref(),
        };
        let asked = Asked {
            command,
            cause: traces::current(),
        };
        let redeemed = redeem_at_once(&[asked], register, uow).await?;
        let nothing = || StorageError::Unavailable("a gift was redeemed and not told".into());
        redeemed.into_iter().next().ok_or_else(nothing)?
    }
}
