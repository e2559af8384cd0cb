//! Finding out who calls, by the secret that they send.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ids::{ApiKeyId, OrganizationId},
    platform::{ApiKeySecret, Grant, KeyHash},
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::ports::{ApiKeyQueries, Clock, StorageError};

/// A key that is valid at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatedKey {
    /// What it opens.
    pub organization_id: OrganizationId,
    /// Which key it is.
    pub key_id: ApiKeyId,
    /// What it may do, and for how long.
    pub grant: Grant,
}

/// Why a caller is not known.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticationError {
    /// No valid key: unknown, malformed, revoked or expired; which of them is nobody's business.
    #[error("the API key is not valid")]
    Unknown,
    /// The keys could not be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Tells who calls.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// Finds the key that this secret is of.
    async fn authenticate(&self, secret: &str) -> Result<AuthenticatedKey, AuthenticationError>;
}

/// Looks secrets up by their hash.
pub struct KeyAuthenticator {
    keys: Arc<dyn ApiKeyQueries>,
    clock: Arc<dyn Clock>,
}

impl KeyAuthenticator {
    /// An authenticator over the stored keys.
    pub fn new(keys: Arc<dyn ApiKeyQueries>, clock: Arc<dyn Clock>) -> Self {
        Self { keys, clock }
    }
}

/// The SHA-256 by which a secret is stored and found.
pub fn hash_of(secret: &ApiKeySecret) -> KeyHash {
    KeyHash(Sha256::digest(secret.expose().as_bytes()).into())
}

#[async_trait]
impl Authenticator for KeyAuthenticator {
    async fn authenticate(&self, secret: &str) -> Result<AuthenticatedKey, AuthenticationError> {
        let secret =
            ApiKeySecret::parse(secret).map_err(|_malformed| AuthenticationError::Unknown)?;
        let hash = hash_of(&secret);
        let found = self.keys.find_by_hash(hash).await?;
        let key = found.ok_or(AuthenticationError::Unknown)?;
        let is_same = bool::from(key.hash.0.ct_eq(&hash.0));
        if is_same && key.is_valid_at(self.clock.now()) {
            Ok(AuthenticatedKey {
                organization_id: key.organization_id,
                key_id: key.id,
                grant: key.grant(),
            })
        } else {
            Err(AuthenticationError::Unknown)
        }
    }
}

#[cfg(test)]
mod tests;
