//! Why vouchers give nothing, and why they and their campaigns are not changed.

use app::vouchers::{
    ApplyVoucherError, IssueVoucherError, LaunchCampaignError, LiftBlockError, OrderVouchersError,
    RedeemError, RedeemGiftError, RestateError, ReviseCampaignError, ReviseVoucherError,
    TakeOffVoucherError, UnblockCustomerError,
};
use domain::{
    invoicing::RewriteError,
    vouchers::{Contradiction, InvalidTerms, Reason, Refused, ReviseError},
};

use super::campaign_fields::{code_of, field_of};
use crate::problem::{
    Fault, Place, ProblemKind, Refusal,
    catalogue::{
        ALREADY_APPLIED, ALREADY_EXISTS, AMOUNT_OUT_OF_RANGE, CAMPAIGN_BUDGET_EXHAUSTED,
        CAMPAIGN_ENDED, CAMPAIGN_NOT_FOUND, CAMPAIGN_PAUSED, CURRENCY_MISMATCH, CUSTOMER_BLOCKED,
        INVOICE_NOT_EDITABLE, MINIMUM_NOT_REACHED, NOT_FOUND, TOO_MANY_JOBS, VALIDATION_FAILED,
        VERSION_CONFLICT, VOUCHER_CUSTOMER_LIMIT, VOUCHER_DISABLED, VOUCHER_EXHAUSTED,
        VOUCHER_EXPIRED, VOUCHER_NOT_FOUND, VOUCHER_NOT_YET_VALID, VOUCHER_OF_OTHER_KIND,
    },
};

const fn kind_of(reason: Reason) -> &'static ProblemKind {
    match reason {
        Reason::AlreadyApplied => &ALREADY_APPLIED,
        Reason::VoucherDisabled => &VOUCHER_DISABLED,
        Reason::CampaignPaused => &CAMPAIGN_PAUSED,
        Reason::VoucherNotYetValid => &VOUCHER_NOT_YET_VALID,
        Reason::VoucherExpired => &VOUCHER_EXPIRED,
        Reason::CustomerBlocked => &CUSTOMER_BLOCKED,
        Reason::CurrencyMismatch => &CURRENCY_MISMATCH,
        Reason::MinimumNotReached => &MINIMUM_NOT_REACHED,
        Reason::VoucherExhausted => &VOUCHER_EXHAUSTED,
        Reason::VoucherCustomerLimit => &VOUCHER_CUSTOMER_LIMIT,
        Reason::CampaignBudgetExhausted => &CAMPAIGN_BUDGET_EXHAUSTED,
    }
}

/// A refusal that is called by the first reason, and lists all of them.
pub fn refusal_of(refused: &Refused) -> Refusal {
    let fault = |reason: &Reason| {
        let place = Place::Pointer(String::new());
        Fault::new(kind_of(*reason), place, reason.code(), reason.to_string())
    };
    let first = refused.0.first().copied();
    let kind = kind_of(first.unwrap_or(Reason::VoucherDisabled));
    let faults = refused.0.iter().map(fault).collect();
    Refusal::of(kind).because(refused).with_faults(faults)
}

fn wrong_terms(invalid: &InvalidTerms) -> Refusal {
    let fault = |why: &Contradiction| {
        let place = Place::Pointer(format!("/{}", field_of(*why)));
        Fault::new(&VALIDATION_FAILED, place, code_of(*why), why.to_string())
    };
    let faults = invalid.0.iter().map(fault).collect();
    let refusal = Refusal::of(&VALIDATION_FAILED).because(invalid);
    refusal.with_faults(faults)
}

impl From<&LaunchCampaignError> for Refusal {
    fn from(error: &LaunchCampaignError) -> Self {
        match error {
            LaunchCampaignError::Invalid(why) => wrong_terms(why),
            LaunchCampaignError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&ReviseCampaignError> for Refusal {
    fn from(error: &ReviseCampaignError) -> Self {
        let kind = match error {
            ReviseCampaignError::NotFound(_) => &NOT_FOUND,
            ReviseCampaignError::Conflict(_) => &VERSION_CONFLICT,
            ReviseCampaignError::Refused(ReviseError::Ended(_)) => &CAMPAIGN_ENDED,
            ReviseCampaignError::Refused(ReviseError::Invalid(why)) => return wrong_terms(why),
            ReviseCampaignError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}

impl From<&IssueVoucherError> for Refusal {
    fn from(error: &IssueVoucherError) -> Self {
        let kind = match error {
            IssueVoucherError::CampaignNotFound(_) => &CAMPAIGN_NOT_FOUND,
            IssueVoucherError::Ended(_) => &CAMPAIGN_ENDED,
            IssueVoucherError::AlreadyExists(_) => &ALREADY_EXISTS,
            IssueVoucherError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}

impl From<&OrderVouchersError> for Refusal {
    fn from(error: &OrderVouchersError) -> Self {
        let kind = match error {
            OrderVouchersError::CampaignNotFound(_) => &NOT_FOUND,
            OrderVouchersError::Ended(_) => &CAMPAIGN_ENDED,
            OrderVouchersError::TooMany(_) => &TOO_MANY_JOBS,
            OrderVouchersError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}

impl From<&ReviseVoucherError> for Refusal {
    fn from(error: &ReviseVoucherError) -> Self {
        let kind = match error {
            ReviseVoucherError::NotFound(_) => &NOT_FOUND,
            ReviseVoucherError::Conflict(_) => &VERSION_CONFLICT,
            ReviseVoucherError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}

/// A voucher in the path is the resource itself; one in the body is not.
fn not_redeemed(error: &RedeemError, unknown: &'static ProblemKind) -> Refusal {
    let kind = match error {
        RedeemError::NotFound(_) => unknown,
        RedeemError::OtherKind(_) => &VOUCHER_OF_OTHER_KIND,
        RedeemError::Refused(refused) => return refusal_of(refused),
        RedeemError::Storage(error) => return Refusal::from(error),
    };
    Refusal::of(kind).because(error)
}

const fn not_rewritten(error: &RewriteError) -> &'static ProblemKind {
    match error {
        RewriteError::NotEditable(_) => &INVOICE_NOT_EDITABLE,
        RewriteError::AmountOutOfRange(_) => &AMOUNT_OUT_OF_RANGE,
    }
}

impl From<&ApplyVoucherError> for Refusal {
    fn from(error: &ApplyVoucherError) -> Self {
        let kind = match error {
            ApplyVoucherError::InvoiceNotFound(_) => &NOT_FOUND,
            ApplyVoucherError::Conflict(_) => &VERSION_CONFLICT,
            ApplyVoucherError::Invoice(why) => not_rewritten(why),
            ApplyVoucherError::Voucher(why) => return not_redeemed(why, &VOUCHER_NOT_FOUND),
            ApplyVoucherError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}

impl From<&TakeOffVoucherError> for Refusal {
    fn from(error: &TakeOffVoucherError) -> Self {
        let kind = match error {
            TakeOffVoucherError::InvoiceNotFound(_) | TakeOffVoucherError::NotApplied(_) => {
                &NOT_FOUND
            }
            TakeOffVoucherError::Conflict(_) => &VERSION_CONFLICT,
            TakeOffVoucherError::Invoice(why) => not_rewritten(why),
            TakeOffVoucherError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}

impl From<&RedeemGiftError> for Refusal {
    fn from(error: &RedeemGiftError) -> Self {
        match error {
            RedeemGiftError::Voucher(why) => not_redeemed(why, &NOT_FOUND),
            RedeemGiftError::Rejected(why) => Self::from(why),
            RedeemGiftError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&UnblockCustomerError> for Refusal {
    fn from(error: &UnblockCustomerError) -> Self {
        match error {
            UnblockCustomerError::NotBlocked => Self::of(&NOT_FOUND).because(error),
            UnblockCustomerError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&LiftBlockError> for Refusal {
    fn from(error: &LiftBlockError) -> Self {
        let kind = match error {
            LiftBlockError::NotFound(_) => &NOT_FOUND,
            LiftBlockError::Conflict(_) => &VERSION_CONFLICT,
            LiftBlockError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}

impl From<&RestateError> for Refusal {
    fn from(error: &RestateError) -> Self {
        match error {
            RestateError::Contents(why) => Self::of(not_rewritten(why)).because(error),
            RestateError::Refused(refused) => refusal_of(refused).because(error),
            RestateError::Storage(error) => Self::from(error),
        }
    }
}
