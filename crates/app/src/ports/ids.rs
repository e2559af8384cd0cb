//! Where new identifiers and secrets come from.

use domain::platform::ApiKeySecret;
use uuid::Uuid;

/// Makes identifiers.
#[cfg_attr(feature = "test-support", mockall::automock)]
pub trait IdGenerator: Send + Sync {
    /// A new UUID version 7 (RFC 9562). Within a process each MUST sort after the one before it.
    fn new_id(&self) -> Uuid;
}

/// Makes secrets.
#[cfg_attr(feature = "test-support", mockall::automock)]
pub trait SecretGenerator: Send + Sync {
    /// A new secret of an API key. It MUST come from the operating system's randomness.
    fn new_key_secret(&self) -> ApiKeySecret;
}
