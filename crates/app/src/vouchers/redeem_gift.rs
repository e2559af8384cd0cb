//! Redeeming a gift: its money goes to an account.

mod paying;

use std::sync::Arc;

use domain::{
    ids::AccountId,
    ledger::{PostedTransfer, Rejection},
    vouchers::{Holder, RedemptionFacts, RedemptionTarget, Request, VoucherCode, VoucherKind},
};

use self::paying::{pay, worth};
use super::redeeming::{RedeemError, Redeeming, note};
use crate::{
    ledger::Desk,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
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

/// Redeems gifts.
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
        let desk = Desk {
            caller: &command.caller,
            ids: self.ids.as_ref(),
            now: self.clock.now(),
        };
        let redeeming = Redeeming {
            code: &command.code,
            kind: VoucherKind::Gift,
            holder: &command.holder,
            is_applied: false,
        };
        let standing = redeeming.find(desk, uow).await?;
        let (amount, currency) = worth(&standing)?;
        let request = Request {
            currency,
            total_minor: amount.as_minor(),
            left_minor: amount.as_minor(),
            now: desk.now,
        };
        redeeming.claim(&standing, &request, uow).await?;

        let transfer = pay(command, (amount, currency), (desk, uow)).await?;
        let target = RedemptionTarget::Account(command.account_id, transfer.order.id);
        let amount = (amount.as_minor(), currency);
        let by = (target, &command.holder);
        let redemption = note(&standing, by, amount, (desk, uow)).await?;
        Ok(RedeemedGift {
            redemption: redemption.facts().clone(),
            transfer,
        })
    }
}
