//! What deliveries are signed with.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};

/// A secret that an endpoint shares with this service: 32 random bytes, shown as `whsec_` and base64 (Standard Webhooks).
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret([u8; Self::BYTES]);

impl WebhookSecret {
    /// How many bytes it has.
    pub const BYTES: usize = 32;
    /// What it starts with where it is shown, so that a leaked one is recognised.
    pub const PREFIX: &'static str = "whsec_";

    /// The secret of these bytes.
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes, to sign with or to be sealed; never to be stored or logged.
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    /// The secret as its owner gets to see it, once.
    pub fn expose(&self) -> String {
        format!("{}{}", Self::PREFIX, STANDARD.encode(self.0))
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

/// A secret as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecret(pub Vec<u8>);

impl fmt::Debug for SealedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedSecret(…)")
    }
}

/// A secret that was replaced, and signs for a while yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerSecret {
    /// The secret.
    pub sealed: SealedSecret,
    /// Until when it signs.
    pub until: Timestamp,
}

/// The secrets of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningSecrets {
    /// The one that its owner was given last.
    pub current: SealedSecret,
    /// The one before.
    pub former: Option<FormerSecret>,
}

impl SigningSecrets {
    /// How long a secret signs after it was replaced, so that receivers can change over in peace.
    pub const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

    /// Those of a new endpoint.
    pub const fn first(current: SealedSecret) -> Self {
        Self {
            current,
            former: None,
        }
    }

    /// With a new current one. The one before the last does not sign any more.
    #[must_use]
    pub fn rotated(self, current: SealedSecret, now: Timestamp) -> Self {
        let former = FormerSecret {
            sealed: self.current,
            until: now + Self::OVERLAP,
        };
        Self {
            current,
            former: Some(former),
        }
    }

    /// Those that sign at this moment, the current one first.
    pub fn signing_at(&self, now: Timestamp) -> impl Iterator<Item = &SealedSecret> {
        let former = self.former.iter().filter(move |it| now < it.until);
        std::iter::once(&self.current).chain(former.map(|it| &it.sealed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(byte: u8) -> SealedSecret {
        SealedSecret(vec![byte])
    }

    #[test]
    fn a_secret_is_shown_as_standard_webhooks_wants_it_and_never_by_accident() {
        let secret = WebhookSecret::from_bytes([0; 32]);

        assert_eq!(
            secret.expose(),
            "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        );
        assert_eq!(format!("{secret:?}"), "WebhookSecret(…)");
        assert_eq!(format!("{:?}", sealed(7)), "SealedSecret(…)");
    }

    #[test]
    fn a_replaced_secret_signs_for_a_day() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let secrets = SigningSecrets::first(sealed(1)).rotated(sealed(2), now);
        let signing = |at| secrets.signing_at(at).cloned().collect::<Vec<_>>();
        let end = now + SigningSecrets::OVERLAP;

        assert_eq!(signing(now), [sealed(2), sealed(1)]);
        assert_eq!(
            signing(end - SignedDuration::from_micros(1)),
            [sealed(2), sealed(1)]
        );
        assert_eq!(signing(end), [sealed(2)]);
    }

    #[test]
    fn of_two_rotations_the_last_two_secrets_sign() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();

        let secrets = SigningSecrets::first(sealed(1))
            .rotated(sealed(2), now)
            .rotated(sealed(3), now);

        let signing: Vec<_> = secrets.signing_at(now).cloned().collect();
        assert_eq!(signing, [sealed(3), sealed(2)]);
    }
}
