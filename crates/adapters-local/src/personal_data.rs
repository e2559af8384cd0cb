//! Sealing national ids with a key of the configuration.
//!
//! Two keys follow from it (HKDF, RFC 5869): one for fingerprints (HMAC-SHA-256), one for encryption (ChaCha20-Poly1305,
//! RFC 8439). What is sealed is bound to its holder: moved to another row, it does not open.

mod key;
mod sealed_box;

use app::ports::{Holder, PersonalDataSeal, SealError};
use domain::wallets::{NationalId, NationalIdFingerprint, SealedNationalId};
use ring::hmac::{self, HMAC_SHA256};

pub use self::key::{NotAKey, PersonalDataKey};
pub(crate) use self::sealed_box::SealedBox;

/// Seals and opens with one key.
pub struct KeyedSeal {
    sealed_box: SealedBox,
    fingerprints: hmac::Key,
}

impl KeyedSeal {
    /// The seal that goes with a key.
    pub fn new(key: &PersonalDataKey) -> Self {
        Self {
            sealed_box: SealedBox::new(key, "national ids"),
            fingerprints: key.derive(b"national ids: fingerprints", HMAC_SHA256),
        }
    }

    /// Equal for equal national ids of one organization only, so that nobody is found again in another one.
    fn fingerprint(&self, holder: Holder, national_id: &NationalId) -> NationalIdFingerprint {
        let mut context = hmac::Context::with_key(&self.fingerprints);
        context.update(holder.organization_id.as_uuid().as_bytes());
        context.update(national_id.expose().as_bytes());
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(context.sign().as_ref());
        NationalIdFingerprint(fingerprint)
    }
}

impl PersonalDataSeal for KeyedSeal {
    fn seal(
        &self,
        holder: Holder,
        national_id: &NationalId,
    ) -> Result<SealedNationalId, SealError> {
        let text = national_id.expose().as_bytes();
        let ciphertext = self.sealed_box.close(text, bound_to(holder))?;
        Ok(SealedNationalId {
            fingerprint: self.fingerprint(holder, national_id),
            ciphertext,
        })
    }

    fn open(&self, holder: Holder, sealed: &SealedNationalId) -> Result<NationalId, SealError> {
        let opened = self.sealed_box.open(&sealed.ciphertext, bound_to(holder))?;
        let digits = str::from_utf8(&opened).map_err(|_| SealError::Broken)?;
        NationalId::parse(digits).map_err(|_| SealError::Broken)
    }
}

/// What has to be the same again for it to open.
fn bound_to(holder: Holder) -> Vec<u8> {
    let organization = holder.organization_id.as_uuid().into_bytes();
    let user = holder.user_id.as_uuid().into_bytes();
    [organization, user].concat()
}

#[cfg(test)]
mod tests;
