//! The settings of the database, as types.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use super::{milliseconds, seconds};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DatabaseSettings {
    pub(crate) url: Option<SecretString>,
    pub(crate) direct_url: Option<SecretString>,
    pub(crate) pooler_prepares: bool,
    pub(crate) replica_url: Option<SecretString>,
    pub(crate) pool_max: usize,
    pub(crate) pool_min_idle: usize,
    #[serde(rename = "max_lifetime_s", deserialize_with = "seconds")]
    pub(crate) max_lifetime: Duration,
    #[serde(rename = "idle_timeout_s", deserialize_with = "seconds")]
    pub(crate) idle_timeout: Duration,
    #[serde(rename = "acquire_timeout_ms", deserialize_with = "milliseconds")]
    pub(crate) acquire_timeout: Duration,
    #[serde(rename = "statement_timeout_ms", deserialize_with = "milliseconds")]
    pub(crate) statement_timeout: Duration,
    #[serde(rename = "lock_timeout_ms", deserialize_with = "milliseconds")]
    pub(crate) lock_timeout: Duration,
    #[serde(rename = "query_deadline_ms", deserialize_with = "milliseconds")]
    pub(crate) query_deadline: Duration,
    pub(crate) migrate_on_start: bool,
}
