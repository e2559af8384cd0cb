//! Keys that make a command happen once.

use async_trait::async_trait;
use domain::ids::OrganizationId;

use super::{StorageError, journal::KeyedAnswer};
use crate::idempotency::KeyUse;

/// What a client calls one intent of its own: 1 to 255 printable ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The most characters.
    pub const LENGTH_MAX: usize = 255;

    /// Reads a header's value; one in double quotes (as the IETF draft writes it) means the same as without.
    pub fn parse(raw: &str) -> Option<Self> {
        let unquoted = raw
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(raw);
        let is_printable = |byte: u8| (0x20..=0x7e).contains(&byte);
        let is_key =
            (1..=Self::LENGTH_MAX).contains(&unquoted.len()) && unquoted.bytes().all(is_printable);
        is_key.then(|| Self(unquoted.to_owned()))
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A hash of what was asked for, under a key of the deployment: equal for equal requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyScope {
    /// The organization: the same key of another one is another key.
    pub organization_id: OrganizationId,
    /// The key.
    pub key: IdempotencyKey,
}

/// What became of a claim on a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nobody has used the key: go ahead.
    First,
    /// Somebody is using it right now.
    InProgress,
    /// The same request was carried out under this key; this is what it was answered.
    Replay(Vec<u8>),
    /// The key was used for another request.
    Mismatch,
}

/// The used keys, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait IdempotencyKeys: Send {
    /// Claims a key for the request with this fingerprint, until the transaction ends. MUST not wait for another holder.
    async fn claim(
        &mut self,
        scope: &KeyScope,
        fingerprint: &Fingerprint,
    ) -> Result<Claim, StorageError>;

    /// Remembers the answer to the request that the key was claimed for, with the transaction.
    async fn remember(
        &mut self,
        scope: &KeyScope,
        fingerprint: &Fingerprint,
        answer: &[u8],
    ) -> Result<(), StorageError>;

    /// Claims many keys, each once, in the same way, and tells in their order what became of the claims.
    async fn claim_all(&mut self, uses: &[KeyUse]) -> Result<Vec<Claim>, StorageError>;

    /// Remembers what is answered under many claimed keys, with the transaction.
    async fn remember_all(&mut self, answers: Vec<KeyedAnswer>) -> Result<(), StorageError>;

    /// Forgets at most `limit` answers that are older than the retention, and tells how many.
    async fn forget_expired(&mut self, limit: i64) -> Result<u64, StorageError>;
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("order-1", Some("order-1"))]
    #[case::quoted("\"order-1\"", Some("order-1"))]
    #[case::with_spaces("a b", Some("a b"))]
    #[case::empty("", None)]
    #[case::empty_quotes("\"\"", None)]
    #[case::not_ascii("ä", None)]
    #[case::control("a\tb", None)]
    fn keys_are_printable_ascii(#[case] raw: &str, #[case] key: Option<&str>) {
        assert_eq!(
            IdempotencyKey::parse(raw)
                .as_ref()
                .map(IdempotencyKey::as_str),
            key
        );
    }

    #[test]
    fn keys_end_at_255_characters() {
        assert!(IdempotencyKey::parse(&"k".repeat(255)).is_some());
        assert!(IdempotencyKey::parse(&"k".repeat(256)).is_none());
    }
}
