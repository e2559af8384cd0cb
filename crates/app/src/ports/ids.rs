//! Where new identifiers, secrets and chance come from.

use domain::{platform::ApiKeySecret, vouchers::VoucherCode, webhooks::WebhookSecret};
use uuid::Uuid;

/// Makes identifiers.
#[cfg_attr(feature = "test-support", mockall::automock)]
pub trait IdGenerator: Send + Sync {
    /// A new UUID version 7 (RFC 9562). Within a process each MUST sort after the one before it.
    fn new_id(&self) -> Uuid;
}

/// Makes secrets of API keys.
#[cfg_attr(feature = "test-support", mockall::automock)]
pub trait SecretGenerator: Send + Sync {
    /// A new secret of an API key. It MUST come from the operating system's randomness.
    fn new_key_secret(&self) -> ApiKeySecret;
}

/// Makes secrets of webhook endpoints.
#[cfg_attr(feature = "test-support", mockall::automock)]
pub trait WebhookSecretGenerator: Send + Sync {
    /// A new secret. It MUST come from the operating system's randomness.
    fn new_webhook_secret(&self) -> WebhookSecret;
}

/// Makes codes of vouchers.
#[cfg_attr(feature = "test-support", mockall::automock)]
pub trait VoucherCodeGenerator: Send + Sync {
    /// A new code. It MUST come from the operating system's randomness.
    fn new_voucher_code(&self) -> VoucherCode;
}

/// Leaves something to chance where nothing has to be secret.
#[cfg_attr(feature = "test-support", mockall::automock)]
pub trait Dice: Send + Sync {
    /// A number from 0 to `sides - 1`, each as likely; 0 for dice without sides.
    fn roll(&self, sides: u32) -> u32;
}
