//! Where deliveries are sent.

use std::net::IpAddr;

use url::{Host, Url};

use super::{Reach, public_address::is_loopback};
use crate::values::{InvalidValue, LengthLimits, clean_line};

/// The URL of an endpoint, as HTTP clients spell it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WebhookUrl(Url);

impl WebhookUrl {
    /// The most characters it may have.
    pub const LENGTH_MAX: usize = 2_000;

    /// Reads one, if things may be sent there. What its name resolves to is looked at when something is sent.
    pub fn parse(raw: &str, reach: &Reach) -> Result<Self, InvalidValue> {
        let limits = LengthLimits {
            min: 1,
            max: Self::LENGTH_MAX,
        };
        let url = Self::restore(&clean_line(raw, limits)?)?;
        if url.0.as_str().len() > Self::LENGTH_MAX {
            return Err(InvalidValue::TooLong {
                max: Self::LENGTH_MAX,
                unit: "characters",
            });
        }
        url.check_parts()?;
        url.check_reach(reach)?;
        Ok(url)
    }

    /// Reads a stored one, wherever it leads.
    pub fn restore(raw: &str) -> Result<Self, InvalidValue> {
        let expected = "a URL such as https://example.com/webhooks";
        let url = Url::parse(raw).map_err(|_| InvalidValue::Malformed { expected })?;
        Ok(Self(url))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Checks what can be known before its name is looked up: whether it may be used without encryption, and where an
    /// address instead of a name leads.
    pub fn check_reach(&self, reach: &Reach) -> Result<(), InvalidValue> {
        let leads_home = self.leads_home();
        let plain_is_fine = reach.plain_http || (reach.loopback && leads_home);
        match self.0.scheme() {
            "https" => {}
            "http" if plain_is_fine => {}
            _ => {
                return Err(InvalidValue::Unsupported {
                    expected: "a URL that begins with https://",
                });
            }
        }
        let is_allowed = match self.address() {
            Some(address) => reach.allows(address),
            None => !leads_home || reach.loopback,
        };
        if is_allowed {
            Ok(())
        } else {
            Err(InvalidValue::Unsupported {
                expected: "a URL on the public internet",
            })
        }
    }

    fn check_parts(&self) -> Result<(), InvalidValue> {
        let url = &self.0;
        let refused = |expected| Err(InvalidValue::Unsupported { expected });
        if !url.username().is_empty() || url.password().is_some() {
            refused("a URL without a user name or password")
        } else if url.fragment().is_some() {
            refused("a URL without a fragment")
        } else if url.port() == Some(0) {
            refused("a URL with a port from 1 to 65535")
        } else if self.name().is_some_and(str::is_empty) || url.host().is_none() {
            refused("a URL with a host")
        } else {
            Ok(())
        }
    }

    /// Its address, if it has one instead of a name.
    fn address(&self) -> Option<IpAddr> {
        match self.0.host()? {
            Host::Ipv4(v4) => Some(v4.into()),
            Host::Ipv6(v6) => Some(v6.into()),
            Host::Domain(_) => None,
        }
    }

    /// Its name, if it has one, without the point that a full name may end with.
    fn name(&self) -> Option<&str> {
        match self.0.host()? {
            Host::Domain(name) => Some(name.strip_suffix('.').unwrap_or(name)),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        }
    }

    /// Whether it is this machine that it names (RFC 6761, 6.3).
    fn leads_home(&self) -> bool {
        let by_name = self
            .name()
            .is_some_and(|name| name == "localhost" || name.ends_with(".localhost"));
        by_name || self.address().is_some_and(is_loopback)
    }
}

#[cfg(test)]
mod tests;
