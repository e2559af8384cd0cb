//! Why a transfer was not posted.

use domain::ledger::Rejection;

use crate::problem::{
    ProblemKind, Refusal,
    catalogue::{
        ACCOUNT_CLOSED, ACCOUNT_FROZEN, ACCOUNT_NOT_FOUND, AMOUNT_OUT_OF_RANGE, CURRENCY_MISMATCH,
        INSUFFICIENT_FUNDS, SAME_ACCOUNT,
    },
};

/// The kind of problem that a rejection is.
pub const fn kind_of(rejection: &Rejection) -> &'static ProblemKind {
    match rejection {
        Rejection::AccountNotFound(_) => &ACCOUNT_NOT_FOUND,
        Rejection::SameAccount => &SAME_ACCOUNT,
        Rejection::CurrencyMismatch { .. } => &CURRENCY_MISMATCH,
        Rejection::AccountFrozen(_) => &ACCOUNT_FROZEN,
        Rejection::AccountClosed(_) => &ACCOUNT_CLOSED,
        Rejection::InsufficientFunds { .. } => &INSUFFICIENT_FUNDS,
        Rejection::AmountOutOfRange(_) => &AMOUNT_OUT_OF_RANGE,
    }
}

impl From<&Rejection> for Refusal {
    fn from(rejection: &Rejection) -> Self {
        Self::of(kind_of(rejection)).because(rejection)
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::AccountId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_word_of_a_rejection_is_the_code_of_its_problem() {
        let id = AccountId::from_uuid(Uuid::nil());
        let currency = domain::values::Currency::parse("USD").unwrap();
        let rejections = [
            Rejection::AccountNotFound(id),
            Rejection::SameAccount,
            Rejection::CurrencyMismatch {
                account_id: id,
                expected: currency,
                actual: currency,
            },
            Rejection::AccountFrozen(id),
            Rejection::AccountClosed(id),
            Rejection::InsufficientFunds {
                account_id: id,
                currency,
                available_minor: 0,
                needed_minor: 1,
            },
            Rejection::AmountOutOfRange(id),
        ];

        for rejection in rejections {
            assert_eq!(kind_of(&rejection).code, rejection.code());
        }
    }
}
