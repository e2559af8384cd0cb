//! Closes and opens what has to be kept from whoever reads the storage (ChaCha20-Poly1305, RFC 8439).

use app::ports::SealError;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::PersonalDataKey;

/// The form of what is sealed: this byte, the id of the key, the nonce, the encrypted text and its tag.
const FORM: u8 = 1;
const KEY_ID_LEN: usize = 4;

/// What is closed and opened with one key, for one purpose.
pub(crate) struct SealedBox {
    key_id: [u8; KEY_ID_LEN],
    encryption: LessSafeKey,
}

impl SealedBox {
    /// The box that goes with a key, for one purpose.
    pub(crate) fn new(key: &PersonalDataKey, purpose: &str) -> Self {
        let derived = |what: &str| format!("{purpose}: {what}");
        let encryption: UnboundKey =
            key.derive(derived("encryption").as_bytes(), &CHACHA20_POLY1305);
        let [a, b, c, d, ..] = key.derive_bytes(derived("key id").as_bytes());
        Self {
            key_id: [a, b, c, d],
            encryption: LessSafeKey::new(encryption),
        }
    }

    /// Closes a text, differently each time. It opens only when it is said again what it is bound to.
    pub(crate) fn close(&self, text: &[u8], bound_to: Vec<u8>) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| SealError::NoRandomness)?;
        let mut text = text.to_vec();
        self.encryption
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(bound_to),
                &mut text,
            )
            .map_err(|_| SealError::Broken)?;
        let mut sealed = vec![FORM];
        sealed.extend(self.key_id);
        sealed.extend(nonce);
        sealed.extend(text);
        Ok(sealed)
    }

    /// Opens what [`Self::close`] has closed.
    pub(crate) fn open(&self, sealed: &[u8], bound_to: Vec<u8>) -> Result<Vec<u8>, SealError> {
        let Some((&FORM, rest)) = sealed.split_first() else {
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
            .open_in_place(nonce, Aad::from(bound_to), &mut text)
            .map_err(|_| SealError::Broken)?;
        Ok(opened.to_vec())
    }
}
