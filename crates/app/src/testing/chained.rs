//! Transfers as the chain sees them.

use std::collections::BTreeMap;

use domain::{
    ids::{AccountId, OrganizationId, TransferId},
    ledger::{Entry, Folio},
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::ledger::ChainRecord;

/// The so-manieth transfer of 5 EUR from account 11 to account 12 of an organization.
pub fn chain_record(organization: u128, number: u128) -> ChainRecord {
    let count = i64::try_from(number).unwrap_or_default() + 1;
    let entry = |account, minor| Entry {
        folio: Folio::whole(AccountId::from_uuid(Uuid::from_u128(account))),
        sequence: count,
        amount_minor: minor,
        balance_after_minor: minor * count,
    };
    ChainRecord {
        organization_id: OrganizationId::from_uuid(Uuid::from_u128(organization)),
        id: TransferId::from_uuid(Uuid::from_u128(1_000 + number)),
        kind: "transfer".to_owned(),
        source: entry(11, -500),
        destination: entry(12, 500),
        amount_minor: 500,
        currency: "EUR".to_owned(),
        description: None,
        reference: None,
        metadata: BTreeMap::new(),
        reverses: None,
        created_at: Timestamp::UNIX_EPOCH + SignedDuration::from_secs(count),
    }
}
