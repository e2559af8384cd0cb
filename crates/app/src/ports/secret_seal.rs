//! Keeping secrets that are used again from whoever reads the storage.

use domain::{
    ids::WebhookId,
    webhooks::{SealedSecret, WebhookSecret},
};

use super::SealError;

/// Seals and opens the secrets of webhook endpoints. It works in memory: neither waits.
#[cfg_attr(feature = "test-support", mockall::automock)]
pub trait SecretSeal: Send + Sync {
    /// Seals a secret. What was sealed for one endpoint MUST not open for another, and MUST be different each time.
    fn seal(&self, owner: WebhookId, secret: &WebhookSecret) -> Result<SealedSecret, SealError>;

    /// Opens what was sealed for this endpoint.
    fn open(&self, owner: WebhookId, sealed: &SealedSecret) -> Result<WebhookSecret, SealError>;
}
