//! Which refusal an error of a use case is.

use app::ledger::{
    CaptureHoldError, ChangeAccountError, OpenAccountError, PlaceHoldError, PostingError,
    ReverseTransferError, VoidHoldError,
};
use domain::ledger::ChangeAccountError as AccountRefusal;

use crate::problem::{
    Refusal,
    catalogue::{
        ACCOUNT_CLOSED, ACCOUNT_NOT_EMPTY, ALREADY_REVERSED, NOT_FOUND, OVERDRAFT_IN_USE,
        OVERLOADED, SYSTEM_ACCOUNT, TRANSFER_NOT_REVERSIBLE, UNAVAILABLE, VERSION_CONFLICT,
    },
};

impl From<PostingError> for Refusal {
    fn from(error: PostingError) -> Self {
        match error {
            PostingError::Overloaded => Self::of(&OVERLOADED),
            PostingError::Stopping => Self::of(&UNAVAILABLE).caused_by(&error),
            PostingError::Key(error) => Self::from(error),
        }
    }
}

impl From<&OpenAccountError> for Refusal {
    fn from(error: &OpenAccountError) -> Self {
        match error {
            OpenAccountError::Rejected(rejection) => Self::from(rejection),
            OpenAccountError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&ChangeAccountError> for Refusal {
    fn from(error: &ChangeAccountError) -> Self {
        match error {
            ChangeAccountError::NotFound(_) => Self::of(&NOT_FOUND).because(error),
            ChangeAccountError::Conflict(_) => Self::of(&VERSION_CONFLICT).because(error),
            ChangeAccountError::Refused(refusal) => Self::from(refusal),
            ChangeAccountError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&AccountRefusal> for Refusal {
    fn from(refusal: &AccountRefusal) -> Self {
        let kind = match refusal {
            AccountRefusal::Closed(_) => &ACCOUNT_CLOSED,
            AccountRefusal::SystemAccount(_) => &SYSTEM_ACCOUNT,
            AccountRefusal::NotEmpty { .. } | AccountRefusal::Awaited(_) => &ACCOUNT_NOT_EMPTY,
            AccountRefusal::OverdraftInUse { .. } => &OVERDRAFT_IN_USE,
        };
        Self::of(kind).because(refusal)
    }
}

impl From<&ReverseTransferError> for Refusal {
    fn from(error: &ReverseTransferError) -> Self {
        let kind = match error {
            ReverseTransferError::NotFound(_) => &NOT_FOUND,
            ReverseTransferError::NotReversible(_) => &TRANSFER_NOT_REVERSIBLE,
            ReverseTransferError::AlreadyReversed(_) => &ALREADY_REVERSED,
            ReverseTransferError::Rejected(rejection) => return Self::from(rejection),
            ReverseTransferError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}

impl From<&PlaceHoldError> for Refusal {
    fn from(error: &PlaceHoldError) -> Self {
        match error {
            PlaceHoldError::Rejected(rejection) => Self::from(rejection),
            PlaceHoldError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&CaptureHoldError> for Refusal {
    fn from(error: &CaptureHoldError) -> Self {
        match error {
            CaptureHoldError::NotFound(_) => Self::of(&NOT_FOUND).because(error),
            CaptureHoldError::Refused(refusal) => Self::from(refusal),
            CaptureHoldError::Rejected(rejection) => Self::from(rejection),
            CaptureHoldError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&VoidHoldError> for Refusal {
    fn from(error: &VoidHoldError) -> Self {
        match error {
            VoidHoldError::NotFound(_) => Self::of(&NOT_FOUND).because(error),
            VoidHoldError::Refused(refusal) => Self::from(refusal),
            VoidHoldError::Storage(error) => Self::from(error),
        }
    }
}
