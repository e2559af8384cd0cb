//! Opening the account that is a wallet.

use domain::{
    ledger::{Account, AccountOpening, AccountOwner, OverdraftLimit},
    values::{InvalidValue, Metadata, Name},
    wallets::User,
};
use jiff::Timestamp;

use crate::ports::StorageError;

/// The account that is the wallet of a user: it has to have what it spends.
pub(super) fn wallet_of(user: &User, now: Timestamp) -> Result<Account, StorageError> {
    let facts = user.facts();
    let registration = &facts.registration;
    let opening = AccountOpening {
        owner: AccountOwner::parse(&facts.id.to_string()).map_err(corrupt)?,
        name: Name::parse(registration.username.as_str()).map_err(corrupt)?,
        currency: registration.wallet.currency,
        overdraft_limit: OverdraftLimit::NONE,
        metadata: Metadata::default(),
    };
    let id = registration.wallet.account_id;
    Ok(Account::open(id, facts.organization_id, opening, now))
}

/// Every id and every username can be what the ledger asks for.
fn corrupt(why: InvalidValue) -> StorageError {
    StorageError::Corrupt {
        entity: "user",
        source: Box::new(why),
    }
}
