//! Which refusal an error of a use case is.

use app::wallets::{CloseUserError, RegisterUserError, RenameUserError};
use domain::ledger::ChangeAccountError;

use crate::problem::{
    Refusal,
    catalogue::{ACCOUNT_NOT_EMPTY, ALREADY_EXISTS, INTERNAL_ERROR, NOT_FOUND, VERSION_CONFLICT},
};

impl From<&RegisterUserError> for Refusal {
    fn from(error: &RegisterUserError) -> Self {
        match error {
            RegisterUserError::UsernameTaken | RegisterUserError::NationalIdTaken => {
                Self::of(&ALREADY_EXISTS).because(error)
            }
            RegisterUserError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&RenameUserError> for Refusal {
    fn from(error: &RenameUserError) -> Self {
        match error {
            // A closed user is one that is not there any more to be changed.
            RenameUserError::NotFound(_) | RenameUserError::Refused(_) => {
                Self::of(&NOT_FOUND).because(error)
            }
            RenameUserError::Conflict(_) => Self::of(&VERSION_CONFLICT).because(error),
            RenameUserError::Seal(_) => Self::of(&INTERNAL_ERROR).caused_by(error),
            RenameUserError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&CloseUserError> for Refusal {
    fn from(error: &CloseUserError) -> Self {
        match error {
            CloseUserError::NotFound(_) | CloseUserError::Refused(_) => {
                Self::of(&NOT_FOUND).because(error)
            }
            CloseUserError::Conflict(_) => Self::of(&VERSION_CONFLICT).because(error),
            CloseUserError::Wallet(
                ChangeAccountError::NotEmpty { .. } | ChangeAccountError::Awaited(_),
            ) => Self::of(&ACCOUNT_NOT_EMPTY).because(error),
            CloseUserError::Wallet(_) | CloseUserError::NoWallet(_) => {
                Self::of(&INTERNAL_ERROR).caused_by(error)
            }
            CloseUserError::Storage(error) => Self::from(error),
        }
    }
}
