//! The settings of payments, as types.

use std::time::Duration;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::{milliseconds, seconds};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaymentSettings {
    pub(crate) attempts_max: u32,
    #[serde(rename = "retry_first_ms", deserialize_with = "milliseconds")]
    pub(crate) retry_first: Duration,
    #[serde(rename = "retry_longest_ms", deserialize_with = "milliseconds")]
    pub(crate) retry_longest: Duration,
    #[serde(rename = "checks_s", deserialize_with = "pauses")]
    pub(crate) checks: Vec<SignedDuration>,
    pub(crate) calls_max: usize,
    #[serde(rename = "call_limit_ms", deserialize_with = "milliseconds")]
    pub(crate) call_limit: Duration,
    #[serde(rename = "lost_after_ms", deserialize_with = "milliseconds")]
    pub(crate) lost_after: Duration,
    #[serde(rename = "lease_ms", deserialize_with = "milliseconds")]
    pub(crate) lease: Duration,
    #[serde(rename = "sweep_ms", deserialize_with = "milliseconds")]
    pub(crate) sweep: Duration,
    pub(crate) breaker_failures_pct: u32,
    pub(crate) breaker_calls_min: u32,
    #[serde(rename = "breaker_window_s", deserialize_with = "seconds")]
    pub(crate) breaker_window: Duration,
    #[serde(rename = "breaker_open_ms", deserialize_with = "milliseconds")]
    pub(crate) breaker_open: Duration,
}

fn pauses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SignedDuration>, D::Error> {
    let raw: Vec<String> = Vec::deserialize(deserializer)?;
    let pause = |raw: &String| raw.parse().map(SignedDuration::from_secs);
    let pauses: Result<Vec<_>, _> = raw.iter().map(pause).collect();
    pauses.map_err(D::Error::custom)
}
