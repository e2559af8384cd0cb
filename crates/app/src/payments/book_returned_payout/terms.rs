//! What is asked for, and what came of it.

use domain::{ledger::Rejection, payments::PaymentTransitionForbidden};
use jiff::Timestamp;

use crate::{
    ledger::PostWithinError,
    payments::work::out_of_step,
    ports::{Sighting, StorageError, WorkKey},
};

/// Write down what the provider says of a payout that may have come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookReturnedPayout {
    /// Which payment.
    pub key: WorkKey,
    /// When the provider was asked.
    pub asked_at: Timestamp,
    /// What it said.
    pub sighting: Sighting,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnBooked {
    /// The money is back on the account.
    Booked,
    /// It has not come back.
    NotReturned,
    /// Nobody knows yet: it is asked again.
    PutOff,
    /// Somebody else has dealt with it.
    Settled,
}

/// Why it could not be written down.
#[derive(Debug, thiserror::Error)]
pub enum BookReturnedPayoutError {
    /// The money is back at the provider's, and the ledger does not take it.
    #[error("the ledger refuses what the provider has returned")]
    Unbooked(#[source] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<PostWithinError> for BookReturnedPayoutError {
    fn from(error: PostWithinError) -> Self {
        match error {
            PostWithinError::Rejected(why) => Self::Unbooked(why),
            PostWithinError::Storage(why) => Self::Storage(why),
        }
    }
}

/// A new refund takes the steps of its kind.
impl From<PaymentTransitionForbidden> for BookReturnedPayoutError {
    fn from(why: PaymentTransitionForbidden) -> Self {
        Self::Storage(out_of_step(why))
    }
}
