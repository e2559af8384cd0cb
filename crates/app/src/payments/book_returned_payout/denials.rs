//! Providers that say that a payout has arrived, against their own notice.

use super::ReturnBooked;
use crate::ports::SuspectedReturn;

/// How often a provider has to say that a payout has arrived, against its own notice, until it is believed.
const DENIALS: u32 = 3;

/// Counts one more; after some of them the provider is believed.
pub(super) const fn count(suspect: SuspectedReturn) -> (SuspectedReturn, ReturnBooked) {
    let suspect = suspect.denied_once_more();
    let done = if suspect.denials < DENIALS {
        ReturnBooked::PutOff
    } else {
        ReturnBooked::NotReturned
    };
    (suspect, done)
}
