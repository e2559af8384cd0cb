//! The settings of payment providers, as types.

use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderSettings {
    pub(crate) simulator: SimulatorSettings,
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
