//! Vouchers: codes that take something off an invoice, or bring money to an account, as far as their campaign goes.

mod assessment;
mod campaign;
mod code;
mod discount;
mod event;
mod holder;
mod reason;
mod redemption;
mod terms;
mod voucher;

pub use self::{
    assessment::{Counts, Offer, Refused, Request, assess},
    campaign::{
        Campaign, CampaignEnded, CampaignFacts, CampaignRevision, CampaignStatus, ReviseError,
    },
    code::VoucherCode,
    discount::{Benefit, PercentOff},
    event::{CampaignEvent, RedemptionEvent, VoucherEvent},
    holder::Holder,
    reason::Reason,
    redemption::{NewRedemption, Redemption, RedemptionFacts, RedemptionTarget},
    terms::{CampaignTerms, Cap, InvalidTerms, Limits, VoucherKind},
    voucher::{Voucher, VoucherFacts, VoucherStatus},
};
