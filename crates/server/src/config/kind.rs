//! What kinds of values there are, and how each is checked.

use std::net::IpAddr;

use adapters_local::PersonalDataKey;
use api_actix::AllowedOrigins;
use api_shared::trusted_proxies::TrustedProxies;
use domain::values::Currency;
use serde_json::Value;
use tracing_subscriber::filter::Targets;

const NETWORKS: &str = "IP addresses and networks such as 10.0.0.0/8, separated by commas";
const CURRENCIES: &str = "codes of active currencies such as EUR, separated by commas";
const DOMAINS: &str = "domains such as shop.example, separated by commas";
const SERVERS: &str = "servers such as kafka-1:9092,kafka-2:9092";
const PAUSES: &str = "whole seconds such as 10,60,300, separated by commas";
const ATTRIBUTES: &str = "words such as team=billing,k8s.cluster.name=eu, separated by commas";
const ORIGINS: &str = "origins such as https://shop.example, separated by commas, or *";

/// A kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A path.
    Path,
    /// Letters, digits, `-`, `_` and `.`.
    Word,
    /// Something that is never shown, and that may come from a file; how it has to start, if that is known.
    Secret {
        /// The possible beginnings.
        schemes: &'static [&'static str],
    },
    /// 32 random bytes in base64, as secret as a password.
    Key,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Whole {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An IP address.
    Address,
    /// IP addresses and networks (`10.0.0.0/8`), separated by commas.
    Networks,
    /// Where a service is: `https://api.shop.example`.
    Origin,
    /// Origins of web pages (`https://shop.example`), separated by commas.
    Origins,
    /// Codes of currencies, separated by commas.
    Currencies,
    /// Domains (`shop.example`), separated by commas.
    Domains,
    /// Servers (`kafka:9092`), separated by commas.
    Servers,
    /// Seconds, separated by commas.
    Pauses,
    /// A part of a whole: from 0 to 1, with at most six decimals.
    Ratio,
    /// Words about this deployment (`team=billing`), separated by commas.
    Attributes,
    /// The address and the key of a project at Sentry, as secret as a password.
    Dsn,
    /// What is logged: a level, or `target=level` pairs.
    LogFilter,
}

impl Kind {
    /// Whether its values are never shown, and may come from a file.
    pub(super) const fn is_secret(self) -> bool {
        matches!(self, Self::Secret { .. } | Self::Key | Self::Dsn)
    }

    /// The value that a text means; what it has to be, if it is not.
    pub(super) fn check(self, raw: &str) -> Result<Value, String> {
        match self {
            Self::Path => Ok(raw.into()),
            Self::Word if is_word(raw) => Ok(raw.into()),
            Self::Word => Err("of letters, digits, -, _ and .".to_owned()),
            Self::Secret { schemes } => check_scheme(raw, schemes),
            Self::Key => PersonalDataKey::from_base64(raw)
                .map(|_| raw.into())
                .map_err(|_unreadable| {
                    "32 random bytes in base64, such as `openssl rand -base64 32` makes".to_owned()
                }),
            Self::Flag => {
                let flag: Result<bool, _> = raw.to_ascii_lowercase().parse();
                flag.map(Value::from)
                    .map_err(|_neither| "true or false".to_owned())
            }
            Self::Whole { min, max } => {
                let number: Option<i64> = raw.parse().ok();
                let within = number.filter(|number| (min..=max).contains(number));
                within
                    .map(Value::from)
                    .ok_or_else(|| format!("a whole number from {min} to {max}"))
            }
            Self::Choice(words) if words.contains(&raw) => Ok(raw.into()),
            Self::Choice(words) => Err(format!("one of {}", words.join(", "))),
            Self::Address => {
                let address: Option<IpAddr> = raw.parse().ok();
                let rule = "an IP address such as 127.0.0.1";
                address.map(|_| raw.into()).ok_or_else(|| rule.to_owned())
            }
            Self::Networks => check_list(raw, |list| TrustedProxies::parse(list).is_ok())
                .ok_or_else(|| NETWORKS.to_owned()),
            Self::Origin if raw != "*" && AllowedOrigins::parse([raw]).is_ok() => Ok(raw.into()),
            Self::Origin => Err("an origin such as https://api.shop.example".to_owned()),
            Self::Origins => check_list(raw, |list| AllowedOrigins::parse(list).is_ok())
                .ok_or_else(|| ORIGINS.to_owned()),
            Self::Currencies => check_list(raw, |list| {
                list.into_iter().all(|code| Currency::parse(code).is_ok())
            })
            .ok_or_else(|| CURRENCIES.to_owned()),
            Self::Domains => check_list(raw, |list| list.into_iter().all(is_domain))
                .ok_or_else(|| DOMAINS.to_owned()),
            Self::Servers => check_list(raw, |list| list.into_iter().all(is_server))
                .ok_or_else(|| SERVERS.to_owned()),
            Self::Pauses => check_list(raw, |list| list.into_iter().all(is_pause))
                .ok_or_else(|| PAUSES.to_owned()),
            Self::Ratio => per_million(raw)
                .map(Value::from)
                .ok_or_else(|| "a number from 0 to 1 with at most six decimals".to_owned()),
            Self::Attributes => check_list(raw, |list| list.into_iter().all(is_attribute))
                .ok_or_else(|| ATTRIBUTES.to_owned()),
            Self::Dsn => raw
                .parse::<sentry::types::Dsn>()
                .map(|_| raw.into())
                .map_err(|_unreadable| "a DSN such as https://key@sentry.example/1".to_owned()),
            Self::LogFilter => raw
                .parse::<Targets>()
                .map(|_| raw.into())
                .map_err(|_unreadable| "a level such as info, or target=level pairs".to_owned()),
        }
    }
}

fn check_scheme(raw: &str, schemes: &[&str]) -> Result<Value, String> {
    if schemes.iter().any(|scheme| raw.starts_with(scheme)) {
        Ok(raw.into())
    } else {
        Err(format!(
            "an address that starts with {}",
            schemes.join(" or ")
        ))
    }
}

/// The entries of a list, if whoever uses it can read them.
fn check_list(raw: &str, is_readable: fn(Vec<&str>) -> bool) -> Option<Value> {
    let entries: Vec<&str> = raw.split(',').map(str::trim).collect();
    is_readable(entries.clone()).then(|| entries.into())
}

/// Labels joined by points, of which there is at least one.
fn is_domain(raw: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '-';
    let mut labels = raw.split('.');
    raw.contains('.') && labels.all(|label| !label.is_empty() && label.chars().all(is_letter))
}

/// How many in a million that is.
fn per_million(raw: &str) -> Option<u32> {
    const DECIMALS: usize = 6;

    let (whole, decimals) = raw.split_once('.').unwrap_or((raw, "0"));
    let is_number = !decimals.is_empty() && decimals.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || decimals.len() > DECIMALS || !["0", "1"].contains(&whole) {
        return None;
    }
    let digits: u32 = format!("{whole}{decimals:0<DECIMALS$}").parse().ok()?;
    (digits <= 1_000_000).then_some(digits)
}

fn is_attribute(raw: &str) -> bool {
    let parts = raw.split_once('=');
    parts.is_some_and(|(name, value)| is_word(name) && !value.trim().is_empty())
}

fn is_server(raw: &str) -> bool {
    let parts = raw.rsplit_once(':');
    parts.is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

fn is_pause(raw: &str) -> bool {
    raw.parse().is_ok_and(|seconds: u32| seconds > 0)
}

fn is_word(raw: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !raw.is_empty() && raw.chars().all(is_letter)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Kind::Key, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", true)]
    #[case(Kind::Key, "AAECAwQFBgcICQoLDA0ODw==", false)]
    #[case(Kind::Flag, "TRUE", true)]
    #[case(Kind::Flag, "yes", false)]
    #[case(Kind::Whole { min: 0, max: 65_535 }, "0", true)]
    #[case(Kind::Whole { min: 0, max: 65_535 }, "65536", false)]
    #[case(Kind::Whole { min: 0, max: 65_535 }, "8080x", false)]
    #[case(Kind::Word, "shop-1_a.b", true)]
    #[case(Kind::Word, "shop:1", false)]
    #[case(Kind::Address, "::1", true)]
    #[case(Kind::Address, "localhost", false)]
    #[case(Kind::Networks, "10.0.0.0/8, ::1", true)]
    #[case(Kind::Networks, "10.0.0.0/33", false)]
    #[case(Kind::Networks, "10.0.0.0/8,", false)]
    #[case(Kind::Origin, "http://127.0.0.1:12111", true)]
    #[case(Kind::Origin, "https://api.shop.example/v1", false)]
    #[case(Kind::Origin, "*", false)]
    #[case(Kind::Origins, "https://shop.example,http://localhost:3000", true)]
    #[case(Kind::Origins, "https://shop.example/", false)]
    #[case(Kind::Origins, "shop.example", false)]
    #[case(Kind::Currencies, "EUR, USD", true)]
    #[case(Kind::Currencies, "EUR,DEM", false)]
    #[case(Kind::Domains, "trash.example, müll.example", true)]
    #[case(Kind::Attributes, "team=billing, k8s.cluster.name=eu", true)]
    #[case(Kind::Attributes, "team", false)]
    #[case(Kind::Attributes, "=billing", false)]
    #[case(Kind::Dsn, "https://key@sentry.example/1", true)]
    #[case(Kind::Dsn, "https://sentry.example/1", false)]
    #[case(Kind::Domains, "@trash.example", false)]
    #[case(Kind::Domains, "trash", false)]
    #[case(Kind::Servers, "kafka-1:9092, [::1]:9093", true)]
    #[case(Kind::Servers, "kafka-1", false)]
    #[case(Kind::Servers, ":9092", false)]
    #[case(Kind::Pauses, "10, 60,300", true)]
    #[case(Kind::Pauses, "10,0", false)]
    #[case(Kind::Pauses, "10s", false)]
    #[case(Kind::Secret { schemes: &[""] }, "anything", true)]
    #[case(Kind::LogFilter, "info,app=debug", true)]
    #[case(Kind::LogFilter, "app=loud", false)]
    #[case(Kind::Secret { schemes: &["redis://"] }, "redis://cache", true)]
    #[case(Kind::Secret { schemes: &["redis://"] }, "http://cache", false)]
    fn values_are_checked_by_their_kind(
        #[case] kind: Kind,
        #[case] raw: &str,
        #[case] accepted: bool,
    ) {
        assert_eq!(kind.check(raw).is_ok(), accepted);
    }

    #[rstest]
    #[case("0", Some(0))]
    #[case("0.01", Some(10_000))]
    #[case("0.000001", Some(1))]
    #[case("1.0", Some(1_000_000))]
    #[case("1.1", None)]
    #[case("0.0000001", None)]
    #[case("0.", None)]
    #[case(".5", None)]
    #[case("-0", None)]
    #[case("1e-2", None)]
    fn a_ratio_is_a_count_in_a_million(#[case] raw: &str, #[case] expected: Option<u32>) {
        assert_eq!(per_million(raw), expected);
    }
}
