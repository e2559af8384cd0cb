//! Why a hold was not resolved.

use domain::ledger::{HoldRefusal, HoldStatus};

use crate::problem::{
    Refusal,
    catalogue::{
        AMOUNT_EXCEEDS_HOLD, HOLD_ALREADY_RESOLVED, HOLD_EXPIRED, HOLD_OF_PAYMENT, INTERNAL_ERROR,
    },
};

impl From<&HoldRefusal> for Refusal {
    fn from(refusal: &HoldRefusal) -> Self {
        let kind = match refusal {
            // The same whether a sweep has come by since, or not.
            HoldRefusal::Expired { .. }
            | HoldRefusal::Resolved {
                status: HoldStatus::Expired { .. },
            } => &HOLD_EXPIRED,
            HoldRefusal::Resolved { .. } => &HOLD_ALREADY_RESOLVED,
            HoldRefusal::OfPayment { .. } => &HOLD_OF_PAYMENT,
            HoldRefusal::MoreThanHeld { .. } => &AMOUNT_EXCEEDS_HOLD,
            // Only the service itself lets holds expire.
            HoldRefusal::NotExpired { .. } => return Self::of(&INTERNAL_ERROR).caused_by(refusal),
        };
        Self::of(kind).because(refusal)
    }
}
