//! Vouchers: campaigns, codes, and what is redeemed of them.

mod apply_voucher;
mod block_customer;
mod campaign_view;
mod dropping;
mod issue_voucher;
mod launch_campaign;
mod redeem_gift;
mod redeeming;
mod redemption_view;
mod restating;
mod revise_campaign;
mod revise_voucher;
mod take_off_voucher;
mod unblock_customer;
mod voucher_view;

pub use self::{
    apply_voucher::{ApplyVoucher, ApplyVoucherError, ApplyVoucherHandler},
    block_customer::{BlockCustomer, BlockCustomerHandler},
    campaign_view::CampaignView,
    issue_voucher::{IssueVoucher, IssueVoucherError, IssueVoucherHandler},
    launch_campaign::{LaunchCampaign, LaunchCampaignError, LaunchCampaignHandler},
    redeem_gift::{RedeemGift, RedeemGiftError, RedeemGiftHandler, RedeemedGift},
    redeeming::RedeemError,
    redemption_view::RedemptionView,
    restating::RestateError,
    revise_campaign::{ReviseCampaign, ReviseCampaignError, ReviseCampaignHandler},
    revise_voucher::{ReviseVoucher, ReviseVoucherError, ReviseVoucherHandler},
    take_off_voucher::{TakeOffVoucher, TakeOffVoucherError, TakeOffVoucherHandler},
    unblock_customer::{UnblockCustomer, UnblockCustomerError, UnblockCustomerHandler},
    voucher_view::VoucherView,
};
pub(crate) use self::{dropping::drop_vouchers, restating::restate_vouchers};
