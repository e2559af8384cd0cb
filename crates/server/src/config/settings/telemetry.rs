//! The settings of traces and of reports of errors, as types.

use secrecy::SecretString;
use serde::Deserialize;

use super::list;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TelemetrySettings {
    pub(crate) otlp_endpoint: Option<String>,
    #[serde(rename = "sampling_ratio")]
    pub(crate) sampled_per_million: u32,
    pub(crate) service_name: String,
    #[serde(deserialize_with = "list")]
    pub(crate) resource_attributes: Vec<String>,
    pub(crate) sentry_dsn: Option<SecretString>,
}
