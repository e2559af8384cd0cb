//! The process's environment, read once.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
};

/// What every variable of ours starts with.
pub(super) const PREFIX: &str = "TALLYSTICK_";
/// Names the file of `--config`, for where arguments are hard to give.
const FILE_VARIABLE: &str = "TALLYSTICK_CONFIG";
/// Set while an image is built; images keep it, and it configures nothing.
const COMMIT_VARIABLE: &str = "TALLYSTICK_COMMIT";

/// The variables that matter.
#[derive(Debug, Default, Clone)]
pub(crate) struct Environment {
    ours: BTreeMap<String, OsString>,
    path: Option<OsString>,
}

impl Environment {
    /// The environment of this process.
    pub(crate) fn of_process() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where the environment is read"
        )]
        let variables = std::env::vars_os();
        Self::of(variables)
    }

    /// An environment of these variables.
    pub(crate) fn of(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut environment = Self::default();
        for (name, value) in variables {
            if name == "PATH" {
                environment.path = Some(value);
            } else if let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) {
                environment.ours.insert(name.to_owned(), value);
            }
        }
        environment
    }

    /// Where programs are looked for.
    pub(crate) fn path(&self) -> Option<&OsStr> {
        self.path.as_deref()
    }

    /// The configuration file that a variable names.
    pub(crate) fn file(&self) -> Option<&OsStr> {
        self.get(FILE_VARIABLE)
    }

    /// A variable of ours. One that is empty counts as not set: that is how compose files leave things out.
    pub(super) fn get(&self, name: &str) -> Option<&OsStr> {
        let value = self.ours.get(name).map(OsString::as_os_str);
        value.filter(|value| !value.is_empty())
    }

    /// The names of the variables of ours that could be settings.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let all = self.ours.keys().map(String::as_str);
        all.filter(|name| ![FILE_VARIABLE, COMMIT_VARIABLE].contains(name))
    }
}
