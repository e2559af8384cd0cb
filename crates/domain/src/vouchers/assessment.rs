//! Whether a voucher gives something, and every reason why not.

use jiff::Timestamp;

use super::{CampaignFacts, CampaignStatus, Cap, Reason, VoucherFacts, VoucherStatus};
use crate::values::Currency;

/// What a voucher is to be redeemed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// The currency of the total.
    pub currency: Currency,
    /// The total before any voucher, in minor units.
    pub total_minor: i64,
    /// What other vouchers leave of it, in minor units.
    pub left_minor: i64,
    /// When.
    pub now: Timestamp,
}

/// How much was redeemed already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// How often this code.
    pub of_code: i64,
    /// How often any code of the campaign.
    pub of_campaign: i64,
    /// For how much, in minor units.
    pub value_minor: i64,
    /// How often by this customer; `None` where nobody knows the customer.
    pub of_customer: Option<i64>,
    /// Whether the customer may not redeem vouchers at all.
    pub is_blocked: bool,
    /// Whether the voucher is on the draft already.
    pub is_applied: bool,
}

/// What a voucher gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// How much, in minor units: more than 0.
    pub amount_minor: i64,
}

/// Why a voucher gives nothing: at least one reason, in the order of [`Reason::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", told(.0))]
pub struct Refused(pub Vec<Reason>);

impl From<Reason> for Refused {
    fn from(reason: Reason) -> Self {
        Self(vec![reason])
    }
}

fn told(reasons: &[Reason]) -> String {
    let clauses: Vec<_> = reasons.iter().map(ToString::to_string).collect();
    clauses.join("; ")
}

/// What a voucher gives, or every reason why it gives nothing. What it would give counts for the budget also where another
/// reason keeps it from giving it.
pub fn assess(
    campaign: &CampaignFacts,
    voucher: &VoucherFacts,
    request: &Request,
    counts: &Counts,
) -> Result<Offer, Refused> {
    let cap = voucher.cap(campaign.terms.limits.per_code);
    let is_enabled = voucher.status == VoucherStatus::Enabled;
    judge(campaign, (is_enabled, cap), request, counts)
}

/// What a voucher of a campaign gives that is enabled and not used up, if it gives something.
pub fn assess_campaign(
    campaign: &CampaignFacts,
    request: &Request,
    counts: &Counts,
) -> Option<Offer> {
    judge(campaign, (true, None), request, counts).ok()
}

fn judge(
    campaign: &CampaignFacts,
    (is_enabled, cap_of_code): (bool, Option<Cap>),
    request: &Request,
    counts: &Counts,
) -> Result<Offer, Refused> {
    let terms = &campaign.terms;
    let amount_minor = terms.off(request.total_minor).min(request.left_minor);
    let is_over = |end: Timestamp| request.now >= end;
    let is_other = |currency: Currency| currency != request.currency;
    let is_below = |least: Cap| request.total_minor < least.get();
    let is_reached = |cap: Option<Cap>, count: i64| cap.is_some_and(|cap| count >= cap.get());
    let limits = terms.limits;
    let has_room = |budget: Cap| amount_minor <= budget.get() - counts.value_minor;
    let holds = |reason: &Reason| match reason {
        Reason::AlreadyApplied => counts.is_applied,
        Reason::VoucherDisabled => !is_enabled,
        Reason::CampaignPaused => campaign.status == CampaignStatus::Paused,
        Reason::VoucherNotYetValid => terms.valid_from.is_some_and(|from| request.now < from),
        Reason::VoucherExpired => {
            campaign.status == CampaignStatus::Ended || terms.valid_until.is_some_and(is_over)
        }
        Reason::CustomerBlocked => counts.is_blocked,
        Reason::CurrencyMismatch => terms.currency.is_some_and(is_other),
        Reason::MinimumNotReached => terms.min_total.is_some_and(is_below) || amount_minor <= 0,
        Reason::VoucherExhausted => {
            is_reached(cap_of_code, counts.of_code)
                || is_reached(limits.redemptions, counts.of_campaign)
        }
        Reason::VoucherCustomerLimit => limits
            .per_customer
            .is_some_and(|cap| counts.of_customer.is_none_or(|count| count >= cap.get())),
        Reason::CampaignBudgetExhausted => limits.budget.is_some_and(|budget| !has_room(budget)),
    };
    let reasons: Vec<_> = Reason::ALL.into_iter().filter(|it| holds(it)).collect();
    if reasons.is_empty() {
        Ok(Offer { amount_minor })
    } else {
        Err(Refused(reasons))
    }
}

#[cfg(test)]
mod tests;
