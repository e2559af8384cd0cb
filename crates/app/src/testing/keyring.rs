//! Who knows the one key there is.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use domain::platform::Grant;

use super::{KEY, ORGANIZATION, key_secret, scopes};
use crate::{
    platform::{AuthenticatedKey, AuthenticationError, Authenticator},
    ports::StorageError,
};

/// Knows one key, and how often it was asked.
pub struct Keyring {
    key: AuthenticatedKey,
    is_reachable: bool,
    /// How often it was asked.
    pub asked: AtomicU32,
}

#[async_trait]
impl Authenticator for Keyring {
    async fn authenticate(&self, secret: &str) -> Result<AuthenticatedKey, AuthenticationError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if !self.is_reachable {
            Err(AuthenticationError::from(StorageError::Unavailable(
                "lost".into(),
            )))
        } else if secret == key_secret().expose() {
            Ok(self.key.clone())
        } else {
            Err(AuthenticationError::Unknown)
        }
    }
}

/// Knows [`key_secret`], with these scopes.
pub fn knowing(words: &[&str]) -> Arc<Keyring> {
    Arc::new(keyring(words, true))
}

/// Cannot look anything up.
pub fn knowing_nothing() -> Arc<Keyring> {
    Arc::new(keyring(&["*"], false))
}

fn keyring(words: &[&str], is_reachable: bool) -> Keyring {
    Keyring {
        key: AuthenticatedKey {
            organization_id: ORGANIZATION,
            key_id: KEY,
            grant: Grant {
                scopes: scopes(words),
                expires_at: None,
            },
        },
        is_reachable,
        asked: AtomicU32::new(0),
    }
}
