//! Sealing national ids with a key of the configuration.
//!
//! Two keys follow from it (HKDF, RFC 5869): one for fingerprints (HMAC-SHA-256), one for encryption (ChaCha20-Poly1305,
//! RFC 8439). What is sealed is bound to its holder: moved to another row, it does not open.

mod key;

use app::ports::{Holder, PersonalDataSeal, SealError};
use domain::wallets::{NationalId, NationalIdFingerprint, SealedNationalId};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hmac::{self, HMAC_SHA256},
};

pub use self::key::{NotAKey, PersonalDataKey};

/// The form of what is sealed: this byte, the id of the key, the nonce, the encrypted text and its tag.
const FORM: u8 = 1;
const KEY_ID_LEN: usize = 4;

/// Seals and opens with one key.
pub struct KeyedSeal {
    key_id: [u8; KEY_ID_LEN],
    fingerprints: hmac::Key,
    encryption: LessSafeKey,
}

impl KeyedSeal {
    /// The seal that goes with a key.
    pub fn new(key: &PersonalDataKey) -> Self {
        let encryption: UnboundKey = key.derive(b"national ids: encryption", &CHACHA20_POLY1305);
        let [a, b, c, d, ..] = key.derive_bytes(b"national ids: key id");
        Self {
            key_id: [a, b, c, d],
            fingerprints: key.derive(b"national ids: fingerprints", HMAC_SHA256),
            encryption: LessSafeKey::new(encryption),
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
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| SealError::NoRandomness)?;
        let mut text = national_id.expose().as_bytes().to_vec();
        self.encryption
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                bound_to(holder),
                &mut text,
            )
            .map_err(|_| SealError::Broken)?;
        let mut ciphertext = vec![FORM];
        ciphertext.extend(self.key_id);
        ciphertext.extend(nonce);
        ciphertext.extend(text);
        Ok(SealedNationalId {
            fingerprint: self.fingerprint(holder, national_id),
            ciphertext,
        })
    }

    fn open(&self, holder: Holder, sealed: &SealedNationalId) -> Result<NationalId, SealError> {
        let Some((&FORM, rest)) = sealed.ciphertext.split_first() else {
            return Err(SealError::Broken);
        };
        let (key_id, rest) = rest.split_first_chunk().ok_or(SealError::Broken)?;
        if *key_id != self.key_id {
            return Err(SealError::OtherKey);
        }
        let (nonce, text) = rest.split_first_chunk().ok_or(SealError::Broken)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let mut text = text.to_vec();
        let opened = self
            .encryption
            .open_in_place(nonce, bound_to(holder), &mut text)
            .map_err(|_| SealError::Broken)?;
        let digits = str::from_utf8(opened).map_err(|_| SealError::Broken)?;
        NationalId::parse(digits).map_err(|_| SealError::Broken)
    }
}

/// What has to be the same again for it to open.
fn bound_to(holder: Holder) -> Aad<Vec<u8>> {
    let organization = holder.organization_id.as_uuid().into_bytes();
    let user = holder.user_id.as_uuid().into_bytes();
    Aad::from([organization, user].concat())
}

#[cfg(test)]
mod tests;
