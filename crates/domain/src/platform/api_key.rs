//! API keys: a random secret that opens one organization, as far as its scopes go.

use jiff::Timestamp;

use super::{Grant, GrantExceeded, Scopes};
use crate::{
    ids::{ApiKeyId, OrganizationId},
    values::{InvalidValue, LengthLimits, clean_line},
    version::Version,
};

/// What a person calls a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyName(String);

impl KeyName {
    /// The most characters it may have.
    pub const LENGTH_MAX: usize = 100;

    /// Reads one.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let limits = LengthLimits {
            min: 1,
            max: Self::LENGTH_MAX,
        };
        clean_line(raw, limits).map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The secret itself: `tsk_` and 32 or more characters of base62. It is shown once and never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeySecret(String);

impl ApiKeySecret {
    /// What every secret starts with, so that a leaked one is recognised.
    pub const PREFIX: &'static str = "tsk_";
    /// The least random characters: 190 bits.
    pub const RANDOM_LENGTH_MIN: usize = 32;
    /// The most characters that are looked at.
    pub const LENGTH_MAX: usize = 128;
    const SHOWN_LENGTH: usize = 10;
    const ALPHABET: &'static [u8; 62] =
        b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// Reads what a client sent.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let is_secret = raw.len() <= Self::LENGTH_MAX
            && raw.strip_prefix(Self::PREFIX).is_some_and(|random| {
                random.len() >= Self::RANDOM_LENGTH_MIN
                    && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
        if is_secret {
            Ok(Self(raw.to_owned()))
        } else {
            Err(InvalidValue::Malformed {
                expected: "a key such as tsk_…",
            })
        }
    }

    /// Spells random bytes as a secret. Bytes of 248 and more are passed over, so that every character is equally
    /// likely; `None` when too few are left.
    pub fn from_random(bytes: &[u8]) -> Option<Self> {
        let spelt: String = bytes
            .iter()
            .filter(|byte| **byte < 248)
            .filter_map(|byte| Self::ALPHABET.get(usize::from(byte % 62)))
            .take(Self::RANDOM_LENGTH_MIN)
            .map(|letter| char::from(*letter))
            .collect();
        let enough = spelt.len() == Self::RANDOM_LENGTH_MIN;
        enough.then(|| Self(format!("{}{spelt}", Self::PREFIX)))
    }

    /// The secret, to be shown to its owner or hashed; never to be stored or logged.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its first characters, by which a person recognises it.
    pub fn shown_prefix(&self) -> &str {
        self.0.get(..Self::SHOWN_LENGTH).unwrap_or_default()
    }
}

impl std::fmt::Debug for ApiKeySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ApiKeySecret({}…)", self.shown_prefix())
    }
}

/// The SHA-256 of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash(pub [u8; 32]);

/// All that is stored of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyFacts {
    /// Which one.
    pub id: ApiKeyId,
    /// What it opens.
    pub organization_id: OrganizationId,
    /// What a person calls it.
    pub name: KeyName,
    /// How far it goes.
    pub scopes: Scopes,
    /// The first characters of the secret.
    pub shown_prefix: String,
    /// The hash of the secret.
    pub hash: KeyHash,
    /// Since when.
    pub created_at: Timestamp,
    /// From when on it opens nothing.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// How often it changed.
    pub version: Version,
}

impl ApiKeyFacts {
    /// What it has, and can pass on.
    pub fn grant(&self) -> Grant {
        Grant {
            scopes: self.scopes.clone(),
            expires_at: self.expires_at,
        }
    }

    /// When it last changed.
    pub fn changed_at(&self) -> Timestamp {
        self.revoked_at.unwrap_or(self.created_at)
    }

    /// Whether it opens anything at this moment.
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// Checks when a new key is to end: not before it has begun.
pub fn expiry_after(end: Timestamp, now: Timestamp) -> Result<Timestamp, InvalidValue> {
    if end > now {
        Ok(end)
    } else {
        Err(InvalidValue::OutOfRange {
            rule: "in the future",
        })
    }
}

/// What happened to a key. Secrets and hashes are not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiKeyEvent {
    /// It was made.
    Created {
        /// Which one.
        id: ApiKeyId,
        /// Its name.
        name: KeyName,
        /// Its scopes.
        scopes: Scopes,
        /// When it ends.
        expires_at: Option<Timestamp>,
    },
    /// It opens nothing any more.
    Revoked {
        /// Which one.
        id: ApiKeyId,
    },
}

/// The key was revoked before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key is revoked already")]
pub struct KeyRevoked;

/// An API key.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    facts: ApiKeyFacts,
    events: Vec<ApiKeyEvent>,
}

impl ApiKey {
    /// Makes a key. `granted_by` is what the key that asks for it has; none for the command line, which may do all.
    pub fn create(facts: ApiKeyFacts, granted_by: Option<&Grant>) -> Result<Self, GrantExceeded> {
        granted_by.map_or(Ok(()), |grant| grant.cover(&facts.grant()))?;
        let created = ApiKeyEvent::Created {
            id: facts.id,
            name: facts.name.clone(),
            scopes: facts.scopes.clone(),
            expires_at: facts.expires_at,
        };
        Ok(Self {
            facts,
            events: vec![created],
        })
    }

    /// Rebuilds a stored key. For storage adapters only: no rule is checked.
    pub const fn restore(facts: ApiKeyFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
        }
    }

    /// Ends it now.
    pub fn revoke(&mut self, now: Timestamp) -> Result<(), KeyRevoked> {
        if self.facts.revoked_at.is_some() {
            return Err(KeyRevoked);
        }
        self.facts.revoked_at = Some(now);
        self.facts.version = self.facts.version.next();
        self.events.push(ApiKeyEvent::Revoked { id: self.facts.id });
        Ok(())
    }

    /// What is known of it.
    pub const fn facts(&self) -> &ApiKeyFacts {
        &self.facts
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<ApiKeyEvent> {
        std::mem::take(&mut self.events)
    }
}

#[cfg(test)]
mod tests;
