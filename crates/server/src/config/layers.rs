//! The layers that values come from.

use std::{collections::HashMap, ffi::OsStr, fs, path::Path};

use config::{Config, File, FileFormat};

use super::{
    Inputs, Mistakes, Source, environment::PREFIX, nearest::nearest, setting::Setting,
    table::SETTINGS,
};

/// All layers on top of each other.
pub(super) struct Layers {
    merged: Config,
    /// The variables that set something, by name.
    variables: HashMap<String, String>,
    /// The keys that the file sets, known or not.
    file_keys: Vec<String>,
    file: String,
    /// Whether the file could be read, if there is one.
    has_file: bool,
    unknown_variables: Vec<String>,
}

impl Layers {
    /// Reads them. What cannot be read is a mistake and left out.
    pub(super) fn read(inputs: &Inputs, mistakes: &mut Mistakes) -> Self {
        let variables = read_variables(inputs, mistakes);
        let text = inputs.file.as_deref().map(|file| read_file(file, mistakes));
        let mut has_file = text != Some(None);
        let text = text.flatten().unwrap_or_default();
        let file_keys = flat_keys(&text);
        let merged = merge(&text, &variables).unwrap_or_else(|error| {
            mistakes.add(format!("{}: {error}", display(inputs.file.as_deref())));
            has_file = false;
            merge("", &variables).unwrap_or_default()
        });
        let is_unknown = |name: &&str| !SETTINGS.iter().any(|setting| setting.goes_by(name));
        let unknown = inputs.environment.names().filter(is_unknown);
        Self {
            merged,
            file_keys,
            file: display(inputs.file.as_deref()),
            has_file,
            unknown_variables: unknown.map(str::to_owned).collect(),
            variables,
        }
    }

    /// Whether none of them is missing, so that what nobody has set is known not to be set.
    pub(super) const fn has_all(&self) -> bool {
        self.has_file
    }

    /// The value in force, as text; empty when there is none.
    pub(super) fn text_of(&self, setting: &Setting) -> String {
        let list = || {
            let entries = self.merged.get_array(setting.key).ok()?;
            let entries: Result<Vec<_>, _> = entries
                .into_iter()
                .map(config::Value::into_string)
                .collect();
            Some(entries.ok()?.join(","))
        };
        let text = self.merged.get_string(setting.key).ok().or_else(list);
        text.unwrap_or_default()
    }

    /// Which layer the value in force is from.
    pub(super) fn source_of(&self, setting: &Setting) -> Source {
        if self.variables.contains_key(&setting.variable()) {
            Source::Environment
        } else if self.file_keys.iter().any(|key| key == setting.key) {
            Source::File
        } else {
            Source::Default
        }
    }

    /// Says what a value has to be, and where the wrong one stands.
    pub(super) fn describe(&self, setting: &Setting, raw: &str, rule: &str) -> String {
        let name = setting.variable();
        let place = match self.source_of(setting) {
            Source::File => format!(" (`{}` in {})", setting.key, self.file),
            Source::Default | Source::Environment => String::new(),
        };
        if setting.kind.is_secret() {
            format!("{name}{place} must be {rule}")
        } else {
            format!("{name}{place} must be {rule}, not `{raw}`")
        }
    }

    /// Names that are not known.
    pub(super) fn warnings(&self) -> Vec<String> {
        let names: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
        let of_variable = |unknown: &String| {
            let bare = |name: &'_ str| name.strip_prefix(PREFIX).map(str::to_owned);
            let known: Vec<String> = names.iter().filter_map(|name| bare(name)).collect();
            let meant = nearest(&unknown[PREFIX.len()..], known.iter().map(String::as_str));
            let meant = meant.unwrap_or_default();
            format!("{unknown} is not a setting; did you mean {PREFIX}{meant}?")
        };
        let of_key = |unknown: &String| {
            let meant = nearest(unknown, SETTINGS.iter().map(|setting| setting.key));
            let meant = meant.unwrap_or_default();
            format!(
                "`{unknown}` in {} is not a setting; did you mean `{meant}`?",
                self.file
            )
        };
        let is_unknown = |key: &&String| !SETTINGS.iter().any(|setting| setting.key == **key);
        let variables = self.unknown_variables.iter().map(of_variable);
        let keys = self.file_keys.iter().filter(is_unknown).map(of_key);
        variables.chain(keys).collect()
    }
}

fn merge(text: &str, variables: &HashMap<String, String>) -> Result<Config, config::ConfigError> {
    let mut layers = Config::builder();
    for setting in SETTINGS {
        layers = layers.set_default(setting.key, setting.default)?;
    }
    let variables = config::Environment::with_prefix(PREFIX.trim_end_matches('_'))
        .prefix_separator("_")
        .separator("__")
        .source(Some(variables.clone()));
    layers
        .add_source(File::from_str(text, FileFormat::Toml))
        .add_source(variables)
        .build()
}

/// The variables that are settings, with those from files resolved.
fn read_variables(inputs: &Inputs, mistakes: &mut Mistakes) -> HashMap<String, String> {
    let mut variables = HashMap::new();
    for setting in SETTINGS {
        let name = setting.variable();
        let plain = inputs.environment.get(&name);
        let from_file = setting.file_variable();
        let path = from_file
            .as_deref()
            .and_then(|name| inputs.environment.get(name));
        let value = match (plain, path) {
            (None, None) => continue,
            (Some(_), Some(_)) => Err(format!("{name} and {name}_FILE are both set; keep one")),
            (Some(plain), None) => plain
                .to_str()
                .map(str::to_owned)
                .ok_or_else(|| format!("{name} must be UTF-8")),
            (None, Some(path)) => read_secret(&name, path),
        };
        match value {
            Ok(value) => {
                variables.insert(name, value);
            }
            Err(mistake) => mistakes.add(mistake),
        }
    }
    variables
}

fn read_secret(name: &str, path: &OsStr) -> Result<String, String> {
    let shown = Path::new(path).display();
    match fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => Err(format!("{name}_FILE: {shown} is empty")),
        Ok(text) => Ok(text.trim().to_owned()),
        Err(error) => Err(format!("{name}_FILE: cannot read {shown}: {error}")),
    }
}

/// The text of the file, unless it cannot be read or is not TOML: then what the other layers say is checked all the same.
fn read_file(path: &Path, mistakes: &mut Mistakes) -> Option<String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            mistakes.add(format!("--config: cannot read {}: {error}", path.display()));
            return None;
        }
    };
    match toml::from_str::<toml::Table>(&text) {
        Ok(_table) => Some(text),
        Err(error) => {
            mistakes.add(format!("--config: {} is not TOML: {error}", path.display()));
            None
        }
    }
}

/// The keys that a TOML text sets, as `group.name`.
fn flat_keys(text: &str) -> Vec<String> {
    let table: toml::Table = toml::from_str(text).unwrap_or_default();
    keys_of(&table)
}

fn keys_of(table: &toml::Table) -> Vec<String> {
    let mut keys = Vec::new();
    for (group, value) in table {
        match value {
            toml::Value::Table(inner) => {
                keys.extend(keys_of(inner).iter().map(|name| format!("{group}.{name}")));
            }
            _ => keys.push(group.clone()),
        }
    }
    keys
}

fn display(path: Option<&Path>) -> String {
    path.map(|path| path.display().to_string())
        .unwrap_or_default()
}
