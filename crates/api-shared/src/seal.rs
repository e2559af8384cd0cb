//! Sealing: what must be stored to be said again, but must not be read in the database.
//!
//! SIV (RFC 5297) with HMAC-SHA256 for its two functions: the tag of the text is what its key stream begins with, so equal
//! texts look equal, nothing is ever encrypted under a used-up nonce, and a changed byte is noticed when it is opened.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::cursor::CursorKey;

const TAG_LENGTH: usize = 16;

/// Seals and opens.
#[derive(Clone)]
pub struct Seal {
    tags: Hmac<Sha256>,
    streams: Hmac<Sha256>,
    fingerprints: Hmac<Sha256>,
}

impl Seal {
    /// The seal that goes with a key; cursors are signed with another one that follows from it.
    pub fn of(key: &CursorKey) -> Self {
        let derived = |purpose: &[u8]| {
            let subkey = key.derive(purpose);
            keyed(&subkey)
        };
        Self {
            tags: derived(b"seal: tags"),
            streams: derived(b"seal: streams"),
            fingerprints: derived(b"seal: fingerprints"),
        }
    }

    /// A fingerprint of what these parts say: the same for the same parts, and nothing that anybody without the key could
    /// guess them by.
    pub fn fingerprint(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut fingerprint = self.fingerprints.clone();
        for part in parts {
            fingerprint.update(part);
            fingerprint.update(&[0]);
        }
        fingerprint.finalize().into_bytes().into()
    }

    /// Seals a text.
    pub fn close(&self, text: &[u8]) -> Vec<u8> {
        let tag = self.tag(text);
        let mut sealed = tag.to_vec();
        sealed.extend(self.mixed(&tag, text));
        sealed
    }

    /// Opens what was sealed; `None` if it was not sealed with this key, or has changed since.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (tag, mixed) = sealed.split_first_chunk::<TAG_LENGTH>()?;
        let text = self.mixed(tag, mixed);
        let mut check = self.tags.clone();
        check.update(&text);
        check.verify_truncated_left(tag).ok().map(|()| text)
    }

    fn tag(&self, text: &[u8]) -> [u8; TAG_LENGTH] {
        let mut tags = self.tags.clone();
        tags.update(text);
        let whole: [u8; 32] = tags.finalize().into_bytes().into();
        whole.first_chunk().copied().unwrap_or_default()
    }

    /// Mixes a text with the key stream of a tag; mixing twice gives the text again.
    fn mixed(&self, tag: &[u8; TAG_LENGTH], text: &[u8]) -> Vec<u8> {
        let mut mixed = Vec::with_capacity(text.len());
        for (counter, block) in (0_u64..).zip(text.chunks(32)) {
            let mut stream = self.streams.clone();
            stream.update(tag);
            stream.update(&counter.to_be_bytes());
            let stream = stream.finalize().into_bytes();
            mixed.extend(block.iter().zip(stream).map(|(byte, key)| byte ^ key));
        }
        mixed
    }
}

/// HMAC fills a short key with zeros up to the block of its hash (RFC 2104, 2).
pub(crate) fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    if let Some(start) = block.first_chunk_mut() {
        *start = *key;
    }
    Hmac::<Sha256>::new(&block.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seal(secret: u8) -> Seal {
        Seal::of(&CursorKey::new([secret; 32]))
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_again(text: Vec<u8>) {
            prop_assert_eq!(seal(1).open(&seal(1).close(&text)), Some(text));
        }

        #[test]
        fn a_changed_byte_is_noticed(text: Vec<u8>, at: prop::sample::Index, bit in 0_u8..8) {
            let mut sealed = seal(1).close(&text);
            let at = at.index(sealed.len());

            sealed[at] ^= 1 << bit;

            prop_assert_eq!(seal(1).open(&sealed), None);
        }

        #[test]
        fn another_key_opens_nothing(text: Vec<u8>) {
            prop_assert_eq!(seal(2).open(&seal(1).close(&text)), None);
        }
    }

    #[test]
    fn the_text_is_not_to_be_seen() {
        let text = b"tsk_0123456789abcdefghijABCDEFGHIJ01";

        let sealed = seal(1).close(text);

        assert!(
            !sealed
                .windows(4)
                .any(|part| text.windows(4).any(|word| word == part))
        );
    }
}
