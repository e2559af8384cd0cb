//! A hold for tests to start from.

use domain::{
    ids::{AccountId, HoldId},
    ledger::{Hold, HoldFacts, HoldStatus, HoldTerm, TransferAmount, TransferDetails},
    values::Currency,
    version::Version,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{NOW, ORGANIZATION, builders::valid};

/// The hold of [`stored_hold`].
pub const HOLD: HoldId = HoldId::from_uuid(Uuid::from_u128(5));

/// 30 minor units on account 1 for account 2, in USD, placed on [`NOW`] for an hour.
///
/// # Panics
/// When [`NOW`] is no instant.
pub fn stored_hold() -> Hold {
    let account = |number| AccountId::from_uuid(Uuid::from_u128(number));
    let now: Timestamp = NOW.parse().expect("an instant");
    Hold::restore(HoldFacts {
        id: HOLD,
        organization_id: ORGANIZATION,
        account_id: account(1),
        destination_account_id: account(2),
        amount: valid(TransferAmount::from_minor(30)),
        currency: valid(Currency::parse("USD")),
        details: TransferDetails::default(),
        status: HoldStatus::Pending,
        term: HoldTerm::Until(now + SignedDuration::from_hours(1)),
        created_at: now,
        updated_at: now,
        version: Version::FIRST,
    })
}
