//! Configuration: defaults, then a TOML file, then `TALLYSTICK_…` variables; checked as a whole before anything starts.
//!
//! [`table::SETTINGS`] is the one list of what can be set. The names of the variables, the check of each value,
//! `tallystick config check`, the hint for a misspelt name and `deploy/.env.example` all come from it; [`Settings`] is the
//! same list as types.

mod environment;
mod example;
mod kind;
mod layers;
mod mistakes;
mod nearest;
mod rules;
mod setting;
mod settings;
mod table;

use std::path::PathBuf;

pub(crate) use self::{
    environment::Environment,
    example::example,
    mistakes::Mistakes,
    settings::{
        BrokerKind, DatabaseSettings, EventSettings, LogFormat, PaymentSettings, ProviderSettings,
        ReviewSettings, SchedulerSettings, Settings, SimulatorUse, TelemetrySettings,
    },
};
use self::{layers::Layers, table::SETTINGS};

/// Where the configuration comes from.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// The file of `--config`.
    pub(crate) file: Option<PathBuf>,
    /// The process's environment.
    pub(crate) environment: Environment,
}

/// A configuration without mistakes.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The values, as types.
    pub(crate) settings: Settings,
    /// The values, to be shown.
    pub(crate) effective: Vec<EffectiveSetting>,
    /// What is probably not meant, but does no harm.
    pub(crate) warnings: Vec<String>,
}

/// A value as it is in force.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct EffectiveSetting {
    /// Its environment variable.
    pub(crate) name: String,
    /// The value; of a secret only that there is one.
    pub(crate) value: String,
    /// Which layer it is from.
    pub(crate) source: Source,
}

/// A layer of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    /// Nobody has set it.
    Default,
    /// The file of `--config`.
    File,
    /// A variable.
    Environment,
}

const MASK: &str = "********";

/// Reads all layers. Reports every mistake at once.
pub(crate) fn load(inputs: &Inputs) -> Result<Loaded, Mistakes> {
    let mut mistakes = Mistakes::default();
    let layers = Layers::read(inputs, &mut mistakes);
    mistakes.warn(layers.warnings());

    let mut values = serde_json::Map::new();
    let mut effective = Vec::with_capacity(SETTINGS.len());
    for setting in SETTINGS {
        let raw = layers.text_of(setting);
        match setting.check(&raw) {
            Ok(value) => insert(&mut values, setting.key, value),
            Err(rule) => {
                mistakes.add(layers.describe(setting, &raw, &rule));
                insert(&mut values, setting.key, setting.default_value());
            }
        }
        let is_hidden = setting.kind.is_secret() && !raw.is_empty();
        effective.push(EffectiveSetting {
            name: setting.variable(),
            value: if is_hidden { MASK.to_owned() } else { raw },
            source: layers.source_of(setting),
        });
    }
    let settings: Settings = serde_json::from_value(values.into())
        .map_err(|error| Mistakes::one(format!("the settings do not fit their types: {error}")))?;
    // Whether values fit each other can be told only of those that are known.
    if layers.has_all() {
        rules::check(&settings, &mut mistakes);
    }
    mistakes.none_yet()?;
    Ok(Loaded {
        settings,
        effective,
        warnings: layers.warnings(),
    })
}

/// Puts the value of `http.port` at `{"http": {"port": …}}`.
fn insert(
    values: &mut serde_json::Map<String, serde_json::Value>,
    key: &str,
    value: serde_json::Value,
) {
    let Some((group, rest)) = key.split_once('.') else {
        values.insert(key.to_owned(), value);
        return;
    };
    let group = values
        .entry(group)
        .or_insert_with(|| serde_json::Map::new().into());
    if let Some(group) = group.as_object_mut() {
        insert(group, rest, value);
    }
}

#[cfg(test)]
mod tests;
