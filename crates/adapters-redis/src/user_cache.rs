//! Users, and whose names are, that instances remember together.

use std::sync::Arc;

use app::{ports::NameHolder, wallets::UserCaches};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::{
    ids::{AccountId, OrganizationId, UserId},
    values::Currency,
    version::Version,
    wallets::{
        NationalIdFingerprint, PersonName, SealedNationalId, UserFacts, UserRegistration, Username,
        Wallet,
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    pool::RedisPool,
    versioned_cache::{CacheLifetimes, RedisCache, Stored},
};

/// Remembers users in Redis, with their national ids sealed.
pub type RedisUserCache = RedisCache<UserFacts>;
/// Remembers whose a name is in Redis.
pub type RedisUsernameCache = RedisCache<NameHolder>;

/// Both, on these connections. MUST be called inside of a tokio runtime.
pub fn user_caches(pool: &RedisPool, lifetimes: CacheLifetimes) -> UserCaches {
    UserCaches {
        users: Arc::new(RedisUserCache::new(pool.clone(), lifetimes)),
        names: Arc::new(RedisUsernameCache::new(pool.clone(), lifetimes)),
    }
}

/// As [`UserFacts`], in values that JSON has.
#[derive(Serialize, Deserialize)]
struct StoredUser {
    id: Uuid,
    organization_id: Uuid,
    username: String,
    name: String,
    /// In base64, like what is sealed.
    national_id_fingerprint: String,
    national_id_sealed: String,
    account_id: Uuid,
    currency: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    closed_at: Option<Timestamp>,
    version: i64,
}

impl From<&UserFacts> for StoredUser {
    fn from(facts: &UserFacts) -> Self {
        let UserRegistration {
            username,
            name,
            national_id,
            wallet,
        } = &facts.registration;
        Self {
            id: facts.id.as_uuid(),
            organization_id: facts.organization_id.as_uuid(),
            username: username.as_str().to_owned(),
            name: name.as_str().to_owned(),
            national_id_fingerprint: BASE64_STANDARD.encode(national_id.fingerprint.0),
            national_id_sealed: BASE64_STANDARD.encode(&national_id.ciphertext),
            account_id: wallet.account_id.as_uuid(),
            currency: wallet.currency.code().to_owned(),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            closed_at: facts.closed_at,
            version: facts.version.as_i64(),
        }
    }
}

impl StoredUser {
    /// None when somebody else has written it.
    fn facts(&self) -> Option<UserFacts> {
        let fingerprint = BASE64_STANDARD.decode(&self.national_id_fingerprint).ok()?;
        let registration = UserRegistration {
            username: Username::parse(&self.username).ok()?,
            name: PersonName::parse(&self.name).ok()?,
            national_id: SealedNationalId {
                fingerprint: NationalIdFingerprint(fingerprint.try_into().ok()?),
                ciphertext: BASE64_STANDARD.decode(&self.national_id_sealed).ok()?,
            },
            wallet: Wallet {
                account_id: AccountId::from_uuid(self.account_id),
                currency: Currency::parse(&self.currency).ok()?,
            },
        };
        Some(UserFacts {
            id: UserId::from_uuid(self.id),
            organization_id: OrganizationId::from_uuid(self.organization_id),
            registration,
            created_at: self.created_at,
            updated_at: self.updated_at,
            closed_at: self.closed_at,
            version: Version::new(self.version),
        })
    }
}

impl Stored for UserFacts {
    type Id = UserId;

    const KIND: &'static str = "user:1";

    fn write(&self, json: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        serde_json::to_writer(json, &StoredUser::from(self))
    }

    fn read(json: &[u8], organization_id: OrganizationId, id: &UserId) -> Option<Self> {
        let stored: StoredUser = serde_json::from_slice(json).ok()?;
        let facts = stored.facts()?;
        (facts.organization_id == organization_id && facts.id == *id).then_some(facts)
    }
}

impl Stored for NameHolder {
    /// The name, in lower case: of letters and digits only, so that it cannot reach into the names of other entries.
    type Id = String;

    const KIND: &'static str = "username:1";

    fn write(&self, json: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        serde_json::to_writer(json, &self.0.as_uuid())
    }

    /// Whose entry it is stands in its name only; whoever follows it to the user sees the user's name.
    fn read(json: &[u8], _organization_id: OrganizationId, _name: &String) -> Option<Self> {
        let id: Uuid = serde_json::from_slice(json).ok()?;
        Some(Self(UserId::from_uuid(id)))
    }
}

#[cfg(test)]
mod tests {
    use app::testing::{NATIONAL_ID, ORGANIZATION, USER, stored_user};

    use super::*;

    fn ada() -> UserFacts {
        let wallet = AccountId::from_uuid(Uuid::from_u128(1));
        let mut facts = stored_user("Ada1815", wallet).facts().clone();
        facts.closed_at = Some("2026-11-20T12:34:56.789012Z".parse().unwrap());
        facts
    }

    fn json() -> Vec<u8> {
        let mut json = Vec::new();
        ada().write(&mut json).unwrap();
        json
    }

    #[test]
    fn a_user_reads_back_as_it_was() {
        let read = UserFacts::read(&json(), ORGANIZATION, &USER);

        assert_eq!(read, Some(ada()));
    }

    #[test]
    fn what_is_stored_does_not_show_the_national_id() {
        let text = String::from_utf8(json()).unwrap();

        assert!(
            text.contains("Ada1815") && !text.contains(NATIONAL_ID),
            "{text}"
        );
    }

    #[test]
    fn a_user_of_somebody_else_or_another_user_is_not_read() {
        let other = Uuid::from_u128(9);
        let readings = [
            UserFacts::read(&json(), OrganizationId::from_uuid(other), &USER),
            UserFacts::read(&json(), ORGANIZATION, &UserId::from_uuid(other)),
        ];

        assert_eq!(readings, [None, None]);
    }

    #[test]
    fn what_is_no_user_is_not_read() {
        let broken = [
            ("\"USD\"", "\"US\""),
            ("\"Ada1815\"", "\"a:b\""),
            ("\"version\":1", "\"version\":null"),
        ];
        for (part, replacement) in broken {
            let text = String::from_utf8(json()).unwrap();
            let text = text.replace(part, replacement);

            let read = UserFacts::read(text.as_bytes(), ORGANIZATION, &USER);

            assert_eq!(read, None, "{replacement}");
        }
    }
}
