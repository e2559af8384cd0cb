//! How a row of `users` becomes facts, and back.

use app::ports::StorageError;
use domain::{
    ids::{AccountId, OrganizationId, UserId},
    values::Currency,
    version::Version,
    wallets::{
        NationalIdFingerprint, PersonName, SealedNationalId, UserFacts, UserRegistration, Username,
        Wallet,
    },
};
use tokio_postgres::Row;

use crate::{columns::Columns, error::corrupt, unit_of_work::OwnedParam};

const ENTITY: &str = "user";

/// Named one by one, so that a prepared statement outlives a migration that adds one.
pub(super) const COLUMNS: &str = "id, organization_id, username, name, dni_hmac, dni_sealed, account_id, currency, \
    created_at, updated_at, closed_at, version";

pub(super) fn user_from(row: &Row) -> Result<UserFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let fingerprint: &[u8] = columns.get("dni_hmac")?;
    let fingerprint = fingerprint
        .try_into()
        .map_err(|why: std::array::TryFromSliceError| corrupt(ENTITY, why))?;
    let registration = UserRegistration {
        username: columns.parse("username", Username::parse)?,
        name: columns.parse("name", PersonName::parse)?,
        national_id: SealedNationalId {
            fingerprint: NationalIdFingerprint(fingerprint),
            ciphertext: columns.get("dni_sealed")?,
        },
        wallet: Wallet {
            account_id: AccountId::from_uuid(columns.get("account_id")?),
            currency: columns.parse("currency", Currency::parse)?,
        },
    };
    Ok(UserFacts {
        id: UserId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        registration,
        created_at: columns.get("created_at")?,
        updated_at: columns.get("updated_at")?,
        closed_at: columns.get("closed_at")?,
        version: Version::new(columns.get("version")?),
    })
}

/// What a new row is made of.
pub(super) fn columns(facts: &UserFacts) -> Vec<OwnedParam> {
    let registration = &facts.registration;
    let sealed = &registration.national_id;
    vec![
        Box::new(facts.id.as_uuid()),
        Box::new(facts.organization_id.as_uuid()),
        Box::new(registration.username.as_str().to_owned()),
        Box::new(registration.username.folded()),
        Box::new(registration.name.as_str().to_owned()),
        Box::new(sealed.fingerprint.0.to_vec()),
        Box::new(sealed.ciphertext.clone()),
        Box::new(registration.wallet.account_id.as_uuid()),
        Box::new(registration.wallet.currency.code()),
        Box::new(facts.created_at),
        Box::new(facts.updated_at),
        Box::new(facts.closed_at),
        Box::new(facts.version.as_i64()),
    ]
}

/// What can change in a row, behind what it is found by.
pub(super) fn changes(facts: &UserFacts) -> Vec<OwnedParam> {
    vec![
        Box::new(facts.organization_id.as_uuid()),
        Box::new(facts.id.as_uuid()),
        Box::new(facts.registration.name.as_str().to_owned()),
        Box::new(facts.updated_at),
        Box::new(facts.closed_at),
        Box::new(facts.version.as_i64()),
    ]
}
