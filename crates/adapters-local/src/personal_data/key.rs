//! The key that all others follow from.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hkdf::{HKDF_SHA256, KeyType, Okm, Prk};

/// 32 random bytes, of which a purpose never gets to see any but its own that follow from them.
#[derive(Clone)]
pub struct PersonalDataKey(Prk);

/// It is not 32 bytes in base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("32 bytes in base64 are needed")]
pub struct NotAKey;

impl PersonalDataKey {
    /// A key. The bytes have to be random: they are used as they are (RFC 5869, 3.3).
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Prk::new_less_safe(HKDF_SHA256, &bytes))
    }

    /// Reads one in base64 (RFC 4648, 4), as `openssl rand -base64 32` writes it.
    pub fn from_base64(text: &str) -> Result<Self, NotAKey> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| NotAKey)?;
        bytes.try_into().map(Self::new).map_err(|_| NotAKey)
    }

    /// 32 bytes that follow from it, for one purpose.
    pub fn derive_bytes(&self, purpose: &[u8]) -> [u8; 32] {
        let Bytes(bytes) = self.derive(purpose, HKDF_SHA256);
        bytes
    }

    /// The key that follows from it for one purpose.
    ///
    /// # Panics
    /// Never: HKDF gives 8,160 bytes, and no key is as long.
    pub(super) fn derive<K, L>(&self, purpose: &[u8], length: L) -> K
    where
        L: KeyType,
        K: for<'o> From<Okm<'o, L>>,
    {
        let purpose = [purpose];
        let expanded = self.0.expand(&purpose, length);
        K::from(expanded.expect("a key is shorter than what HKDF gives"))
    }
}

impl fmt::Debug for PersonalDataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalDataKey(…)")
    }
}

struct Bytes([u8; 32]);

impl<L: KeyType> From<Okm<'_, L>> for Bytes {
    fn from(okm: Okm<'_, L>) -> Self {
        let mut bytes = [0; 32];
        okm.fill(&mut bytes)
            .expect("it was expanded to this length");
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::right("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", true)]
    #[case::with_a_line_break("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", true)]
    #[case::short("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", false)]
    #[case::long("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g", false)]
    #[case::not_base64("not a key at all, but as long as one would be", false)]
    #[case::empty("", false)]
    fn a_key_is_32_bytes_in_base64(#[case] text: &str, #[case] accepted: bool) {
        assert_eq!(PersonalDataKey::from_base64(text).is_ok(), accepted);
    }

    #[test]
    fn each_purpose_and_each_key_has_bytes_of_its_own() {
        let derive = |key, purpose| PersonalDataKey::new([key; 32]).derive_bytes(purpose);

        assert_eq!(derive(1, b"a"), derive(1, b"a"));
        assert_ne!(derive(1, b"a"), derive(1, b"b"));
        assert_ne!(derive(1, b"a"), derive(2, b"a"));
    }
}
