//! Keeping what identifies a person from whoever reads the storage.

use domain::{
    ids::{OrganizationId, UserId},
    wallets::{NationalId, SealedNationalId},
};

use super::StorageError;

/// Whose national id it is. What was sealed for one does not open for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// Of which organization.
    pub organization_id: OrganizationId,
    /// The user.
    pub user_id: UserId,
}

/// Why nothing was sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// It was sealed under another key than the one that is configured.
    #[error("it was sealed under another key")]
    OtherKey,
    /// It is not what was sealed for this holder.
    #[error("it has changed since it was sealed, or is another user's")]
    Broken,
    /// There is no randomness to seal with.
    #[error("the operating system gives no random bytes")]
    NoRandomness,
}

impl From<SealError> for StorageError {
    fn from(source: SealError) -> Self {
        Self::Corrupt {
            entity: "sealed national id",
            source: Box::new(source),
        }
    }
}

/// Seals and opens national ids. It works in memory: neither waits.
#[cfg_attr(feature = "test-support", mockall::automock)]
pub trait PersonalDataSeal: Send + Sync {
    /// Seals a national id. The fingerprint MUST be the same for the same national id in the same organization, and MUST
    /// not be computable without the key; the ciphertext MUST be another one each time.
    fn seal(&self, holder: Holder, national_id: &NationalId)
    -> Result<SealedNationalId, SealError>;

    /// Opens what was sealed for this holder.
    fn open(&self, holder: Holder, sealed: &SealedNationalId) -> Result<NationalId, SealError>;
}
