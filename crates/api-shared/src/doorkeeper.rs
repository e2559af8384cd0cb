//! Who may come in, and how often: known callers, within their limit.

mod strangers;

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use app::{
    platform::{AuthenticatedKey, AuthenticationError, Authenticator},
    ports::{LimitDecision, LimitSubject, RateLimiter},
};

pub use self::strangers::KnownKeys;
use self::strangers::Strangers;
use crate::problem::{
    Refusal,
    catalogue::{RATE_LIMITED, UNAUTHENTICATED},
};

/// Lets requests in, or turns them away. REST has one per worker thread, so that they do not wait for each other.
pub struct Doorkeeper {
    authenticator: Arc<dyn Authenticator>,
    rate_limiter: Arc<dyn RateLimiter>,
    known_keys: Arc<KnownKeys>,
    strangers: Strangers,
}

/// What was found out about a request at the door.
pub struct Admission {
    /// Whose it is; also when the caller is over its limit.
    pub key: Option<AuthenticatedKey>,
    /// What is left of the limit; `None` when nothing was counted.
    pub limit: Option<LimitDecision>,
    /// Whether it may come in.
    pub outcome: Result<(), Refusal>,
}

impl Doorkeeper {
    /// One that asks these. All doorkeepers of a process share the limiter and the known keys.
    pub fn new(
        authenticator: Arc<dyn Authenticator>,
        rate_limiter: Arc<dyn RateLimiter>,
        known_keys: Arc<KnownKeys>,
    ) -> Self {
        Self {
            authenticator,
            rate_limiter,
            known_keys,
            strangers: Strangers::default(),
        }
    }

    /// Decides about a request from this address, with the secret that it shows.
    pub async fn admit(&self, secret: Option<&str>, address: IpAddr) -> Admission {
        let address = household(address);
        let Some(secret) = secret else {
            return self.turn_away(address).await;
        };
        if let Some(decision) = self.strangers.held_up(address, secret, &self.known_keys) {
            return Admission::limited(None, decision);
        }
        match self.authenticator.authenticate(secret).await {
            Ok(key) => {
                self.known_keys.add(secret);
                let subject = LimitSubject::ApiKey(key.key_id);
                let decision = self.rate_limiter.take(subject).await;
                Admission::limited(Some(key), decision)
            }
            Err(AuthenticationError::Unknown) => self.turn_away(address).await,
            Err(AuthenticationError::Storage(error)) => Admission {
                key: None,
                limit: None,
                outcome: Err(Refusal::from(error)),
            },
        }
    }

    /// Counts a request for what is open to all: under the key that it shows, or else by its address. It may come in whoever
    /// it is, but not too often.
    pub async fn welcome(&self, secret: Option<&str>, address: IpAddr) -> Admission {
        if secret.is_some() {
            let shown = self.admit(secret, address).await;
            // Without one, nobody could tell whose key it is.
            if let Some(decision) = shown.limit {
                return Admission::limited(shown.key, decision);
            }
        }
        let visitor = LimitSubject::Visitor(household(address));
        Admission::limited(None, self.rate_limiter.take(visitor).await)
    }

    /// Whose a secret is now, without counting: for what goes on long after it was let in.
    pub async fn recognise(
        &self,
        secret: Option<&str>,
    ) -> Result<AuthenticatedKey, AuthenticationError> {
        let secret = secret.ok_or(AuthenticationError::Unknown)?;
        self.authenticator.authenticate(secret).await
    }

    /// The decision that keeps an address waiting which has shown too much that was not valid, if one does.
    pub fn held_up(&self, address: IpAddr) -> Option<LimitDecision> {
        self.strangers.held_up_for_now(address)
    }

    /// Counts a request from an address that has shown nothing valid.
    pub async fn count_stranger(&self, address: IpAddr) -> LimitDecision {
        if let Some(decision) = self.held_up(address) {
            return decision;
        }
        let stranger = LimitSubject::Stranger(address);
        let decision = self.rate_limiter.take(stranger).await;
        if !decision.is_allowed {
            self.strangers.hold_up(address, decision);
        }
        decision
    }

    /// Counts a request with no valid key.
    async fn turn_away(&self, address: IpAddr) -> Admission {
        let decision = self.count_stranger(address).await;
        if decision.is_allowed {
            Admission {
                key: None,
                limit: Some(decision),
                outcome: Err(Refusal::of(&UNAUTHENTICATED)),
            }
        } else {
            Admission::limited(None, decision)
        }
    }
}

impl Admission {
    fn limited(key: Option<AuthenticatedKey>, decision: LimitDecision) -> Self {
        Self {
            key,
            limit: Some(decision),
            outcome: if decision.is_allowed {
                Ok(())
            } else {
                Err(Refusal::of(&RATE_LIMITED).retry_after(decision.retry_after))
            },
        }
    }
}

/// What counts as one address: of version 6 the network, since whoever has one of its addresses has them all, and of
/// version 4 the same however it is written.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// The secret of `Bearer <secret>` (RFC 6750); the scheme may be written in any case.
pub fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, secret) = authorization.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| secret.trim_start_matches(' '))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::household;

    #[rstest]
    #[case::one_network("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    #[case::another_network("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    #[case::the_same_of_version_4("::ffff:192.0.2.7", "192.0.2.7", true)]
    #[case::neighbours_of_version_4("192.0.2.7", "192.0.2.8", false)]
    #[case::neighbours_in_the_spelling_of_version_6("::ffff:192.0.2.7", "::ffff:192.0.2.8", false)]
    fn whoever_has_a_network_counts_once(
        #[case] one: &str,
        #[case] other: &str,
        #[case] expected: bool,
    ) {
        let [one, other] = [one, other].map(|it| household(it.parse().unwrap()));

        assert_eq!(one == other, expected, "{one} {other}");
    }
}
