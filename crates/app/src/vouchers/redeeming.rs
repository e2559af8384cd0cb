//! Redeeming a voucher, on whatever it is.

use domain::vouchers::{
    Holder, NewRedemption, Redemption, RedemptionTarget, Refused, Request, VoucherCode,
    VoucherKind, assess,
};
use domain::{ids::RedemptionId, values::Currency};

use crate::{
    ledger::Desk,
    ports::{StorageError, UnitOfWork, VoucherClaim, VoucherStanding},
};

/// Why a voucher was not redeemed.
#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    /// There is no such voucher.
    #[error("there is no voucher {0}")]
    NotFound(VoucherCode),
    /// It is for something else: a gift for accounts, a discount for invoices.
    #[error("a voucher of the kind {} cannot be redeemed here", .0.code())]
    OtherKind(VoucherKind),
    /// It gives nothing.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A voucher that is to be redeemed.
pub(super) struct Redeeming<'a> {
    pub(super) code: &'a VoucherCode,
    pub(super) kind: VoucherKind,
    pub(super) holder: &'a Holder,
    pub(super) is_applied: bool,
}

impl Redeeming<'_> {
    /// The voucher with all that decides about it. Neither it nor its campaign changes any more.
    pub(super) async fn find(
        &self,
        desk: Desk<'_>,
        uow: &mut dyn UnitOfWork,
    ) -> Result<VoucherStanding, RedeemError> {
        let owner = desk.caller.organization_id;
        let vouchers = uow.vouchers();
        let found = vouchers
            .find_for_redeeming(owner, self.code, self.holder)
            .await?;
        let mut standing = found.ok_or_else(|| RedeemError::NotFound(self.code.clone()))?;
        let kind = standing.campaign.terms.kind;
        if kind != self.kind {
            return Err(RedeemError::OtherKind(kind));
        }
        standing.counts.is_applied = self.is_applied;
        Ok(standing)
    }

    /// Decides, counts what is decided, and tells how much the voucher gives. What others redeem at the same time may use up
    /// what was left: then it is refused here, for the reason that holds then.
    pub(super) async fn claim(
        &self,
        standing: &VoucherStanding,
        request: &Request,
        uow: &mut dyn UnitOfWork,
    ) -> Result<i64, RedeemError> {
        let offer = assess(
            &standing.campaign,
            &standing.voucher,
            request,
            &standing.counts,
        )?;
        let claim = claim_of(standing, self.holder, offer.amount_minor);
        match uow.redemptions().claim(&claim).await? {
            None => Ok(offer.amount_minor),
            Some(reason) => Err(Refused::from(reason).into()),
        }
    }
}

/// What a redemption adds to the counts.
pub(super) fn claim_of(
    standing: &VoucherStanding,
    holder: &Holder,
    amount_minor: i64,
) -> VoucherClaim {
    let limits = standing.campaign.terms.limits;
    VoucherClaim {
        campaign_id: standing.campaign.id,
        limits,
        voucher: (standing.voucher.id, standing.voucher.cap(limits.per_code)),
        holder: holder.names(),
        amount_minor,
    }
}

/// Notes that a voucher was redeemed.
pub(super) async fn note(
    standing: &VoucherStanding,
    (target, holder): (RedemptionTarget, &Holder),
    (amount_minor, currency): (i64, Currency),
    (desk, uow): (Desk<'_>, &mut dyn UnitOfWork),
) -> Result<Redemption, StorageError> {
    let use_of = NewRedemption {
        voucher_id: standing.voucher.id,
        code: standing.voucher.code.clone(),
        campaign_id: standing.campaign.id,
        target,
        holder: holder.clone(),
        amount_minor,
        currency,
    };
    let id = RedemptionId::from_uuid(desk.ids.new_id());
    let owner = desk.caller.organization_id;
    let mut redemption = Redemption::redeem(id, owner, use_of, desk.now);
    uow.redemptions().insert(&redemption).await?;
    desk.recorder().record(&mut redemption, uow).await?;
    Ok(redemption)
}
