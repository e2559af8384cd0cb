//! The settings of payment providers, as types.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use super::milliseconds;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderSettings {
    #[serde(rename = "answer_timeout_ms", deserialize_with = "milliseconds")]
    pub(crate) answer_timeout: Duration,
    pub(crate) simulator: SimulatorSettings,
    pub(crate) stripe: StripeSettings,
    pub(crate) paypal: PaypalSettings,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StripeSettings {
    pub(crate) url: String,
    pub(crate) secret_key: Option<SecretString>,
    pub(crate) webhook_secret: Option<SecretString>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaypalSettings {
    pub(crate) url: String,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<SecretString>,
    pub(crate) webhook_id: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SimulatorSettings {
    pub(crate) enabled: SimulatorUse,
    pub(crate) crashes: bool,
}

/// Whether there is a simulated provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SimulatorUse {
    Auto,
    True,
    False,
}
