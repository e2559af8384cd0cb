//! What happens to campaigns, vouchers, redemptions and blocks.

use super::{BlockFacts, CampaignFacts, RedemptionFacts, VoucherFacts};

/// What happened to a campaign, with the campaign as it is afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CampaignEvent {
    /// It was launched.
    Created(Box<CampaignFacts>),
    /// It has changed.
    Updated(Box<CampaignFacts>),
}

/// What happened to a voucher, with the voucher as it is afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoucherEvent {
    /// It was issued.
    Created(VoucherFacts),
    /// It has changed.
    Updated(VoucherFacts),
}

/// What happened to a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockEvent {
    /// Somebody was blocked.
    Created(BlockFacts),
    /// Whoever was blocked redeems again.
    Lifted(BlockFacts),
}

/// What happened to a redemption, with the redemption as it is afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedemptionEvent {
    /// A voucher was redeemed.
    Redeemed(Box<RedemptionFacts>),
    /// The draft has changed, and so has what comes off it.
    Restated {
        /// As it is now.
        redemption: Box<RedemptionFacts>,
        /// What came off it before, in minor units.
        from_minor: i64,
    },
    /// It was taken back.
    Released(Box<RedemptionFacts>),
}
