//! Vouchers: campaigns, codes, and what is redeemed of them.

mod apply_voucher;
mod block_customer;
mod block_view;
mod campaign_view;
mod dropping;
mod forget_projections;
mod gift_counter;
mod guessing;
mod issue_ordered;
mod issue_voucher;
mod issuing;
mod job_view;
mod launch_campaign;
mod lift_block;
mod order_vouchers;
mod pending_gift;
mod project_vouchers;
mod rebuild_projections;
mod redeem_gift;
mod redeem_gifts;
mod redeeming;
mod redemption_view;
mod restating;
mod revise_campaign;
mod revise_voucher;
mod seen;
mod take_off_voucher;
mod unblock_customer;
mod voucher_projector;
mod voucher_view;

pub use self::{
    apply_voucher::{ApplyVoucher, ApplyVoucherError, ApplyVoucherHandler},
    block_customer::{BlockCustomer, BlockCustomerHandler, BlockedCustomer},
    block_view::BlockView,
    campaign_view::CampaignView,
    forget_projections::{ForgetProjections, ForgetProjectionsHandler},
    gift_counter::GiftCounter,
    guessing::{GuessWindow, GuessWindows},
    issue_ordered::{IssueOrdered, IssueOrderedHandler},
    issue_voucher::{IssueVoucher, IssueVoucherError, IssueVoucherHandler},
    issuing::{Issuing, IssuingParts},
    job_view::{ISSUE_VOUCHERS, JobErrorView, JobView},
    launch_campaign::{LaunchCampaign, LaunchCampaignError, LaunchCampaignHandler},
    lift_block::{LiftBlock, LiftBlockError, LiftBlockHandler},
    order_vouchers::{OrderVouchers, OrderVouchersError, OrderVouchersHandler},
    pending_gift::KeyedGift,
    rebuild_projections::{RebuildError, RebuildProgress, VoucherRebuild},
    redeem_gift::{RedeemGift, RedeemGiftError, RedeemGiftHandler, RedeemedGift},
    redeeming::RedeemError,
    redemption_view::RedemptionView,
    restating::RestateError,
    revise_campaign::{ReviseCampaign, ReviseCampaignError, ReviseCampaignHandler},
    revise_voucher::{ReviseVoucher, ReviseVoucherError, ReviseVoucherHandler},
    take_off_voucher::{TakeOffVoucher, TakeOffVoucherError, TakeOffVoucherHandler},
    unblock_customer::{UnblockCustomer, UnblockCustomerError, UnblockCustomerHandler},
    voucher_projector::VoucherProjector,
    voucher_view::VoucherView,
};
pub(crate) use self::{dropping::drop_vouchers, restating::restate_vouchers};

#[cfg(test)]
mod tests;
