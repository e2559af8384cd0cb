//! Why a voucher gives nothing.

/// Why a voucher gives nothing. In the order in which they are told: the first one is what a refusal is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Reason {
    /// It is on the draft already.
    #[error("the voucher is applied already")]
    AlreadyApplied,
    /// Nobody may redeem it.
    #[error("the voucher is disabled")]
    VoucherDisabled,
    /// Its campaign rests.
    #[error("the campaign is paused")]
    CampaignPaused,
    /// Its campaign has not begun.
    #[error("the campaign has not begun")]
    VoucherNotYetValid,
    /// Its campaign is over.
    #[error("the campaign is over")]
    VoucherExpired,
    /// The customer is on the blocklist.
    #[error("the customer may not redeem vouchers")]
    CustomerBlocked,
    /// It is for another currency.
    #[error("the voucher is in another currency")]
    CurrencyMismatch,
    /// The total is too low for it.
    #[error("the total is too low for the voucher")]
    MinimumNotReached,
    /// It, or all codes of its campaign together, was redeemed as often as can be.
    #[error("the voucher was redeemed as often as it can be")]
    VoucherExhausted,
    /// The customer has redeemed it as often as one may, or nobody can tell who the customer is.
    #[error(
        "the customer has redeemed vouchers of the campaign as often as one may, or is not known"
    )]
    VoucherCustomerLimit,
    /// Its campaign has too little left to give.
    #[error("the budget of the campaign has too little left")]
    CampaignBudgetExhausted,
}

impl Reason {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 11] = [
        Self::AlreadyApplied,
        Self::VoucherDisabled,
        Self::CampaignPaused,
        Self::VoucherNotYetValid,
        Self::VoucherExpired,
        Self::CustomerBlocked,
        Self::CurrencyMismatch,
        Self::MinimumNotReached,
        Self::VoucherExhausted,
        Self::VoucherCustomerLimit,
        Self::CampaignBudgetExhausted,
    ];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AlreadyApplied => "already_applied",
            Self::VoucherDisabled => "voucher_disabled",
            Self::CampaignPaused => "campaign_paused",
            Self::VoucherNotYetValid => "voucher_not_yet_valid",
            Self::VoucherExpired => "voucher_expired",
            Self::CustomerBlocked => "customer_blocked",
            Self::CurrencyMismatch => "currency_mismatch",
            Self::MinimumNotReached => "minimum_not_reached",
            Self::VoucherExhausted => "voucher_exhausted",
            Self::VoucherCustomerLimit => "voucher_customer_limit",
            Self::CampaignBudgetExhausted => "campaign_budget_exhausted",
        }
    }
}
