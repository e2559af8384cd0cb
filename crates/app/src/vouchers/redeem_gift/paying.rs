//! The money of a gift.

use domain::{
    ledger::{
        PostedTransfer, SystemAccount, TransferAmount, TransferDetails, TransferKind,
        TransferReference,
    },
    values::Currency,
    vouchers::Benefit,
};

use super::{RedeemGift, RedeemGiftError};
use crate::{
    ledger::{Desk, Party, PostWithinError, TransferRequest, post_within},
    ports::{StorageError, UnitOfWork, VoucherStanding},
};

/// A gift has an amount: no other terms were stored.
pub(super) fn worth(
    standing: &VoucherStanding,
) -> Result<(TransferAmount, Currency), StorageError> {
    match standing.campaign.terms.benefit {
        Benefit::Amount(amount, currency) => Ok((amount, currency)),
        Benefit::Percent(_) => Err(StorageError::Corrupt {
            entity: "campaign",
            source: "a gift without an amount".into(),
        }),
    }
}

/// Brings the money of a gift to its account.
pub(super) async fn pay(
    command: &RedeemGift,
    (amount, currency): (TransferAmount, Currency),
    (desk, uow): (Desk<'_>, &mut dyn UnitOfWork),
) -> Result<PostedTransfer, RedeemGiftError> {
    let reference = TransferReference::parse(command.code.as_str());
    let request = TransferRequest {
        kind: TransferKind::GiftRedemption,
        source: Party::System(SystemAccount::GiftVouchers),
        destination: Party::Account(command.account_id),
        amount,
        currency,
        details: TransferDetails {
            reference: reference.ok(),
            ..TransferDetails::default()
        },
    };
    let posted = match post_within(&[request], desk.postings(), uow).await {
        Ok(posted) => posted,
        Err(PostWithinError::Rejected(why)) => return Err(why.into()),
        Err(PostWithinError::Storage(error)) => return Err(error.into()),
    };
    let one = posted.into_iter().next();
    let nothing = || StorageError::Unavailable("a transfer was posted and not told".into());
    Ok(one.ok_or_else(nothing)?)
}
