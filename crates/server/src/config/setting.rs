//! One thing that can be set.

use serde_json::Value;

use super::{environment::PREFIX, kind::Kind};

/// Something that can be set.
#[derive(Debug)]
pub(super) struct Setting {
    /// Its place in the file: `group.name`. The unit is part of the name.
    pub(super) key: &'static str,
    /// What its values are.
    pub(super) kind: Kind,
    /// Its value unless somebody sets it; empty when it need not have one.
    pub(super) default: &'static str,
    /// What it does, in a sentence.
    pub(super) meaning: &'static str,
}

impl Setting {
    /// Its environment variable.
    pub(super) fn variable(&self) -> String {
        format!("{PREFIX}{}", self.key.replace('.', "__").to_uppercase())
    }

    /// The variable that names a file with its value, if it is a secret.
    pub(super) fn file_variable(&self) -> Option<String> {
        self.kind
            .is_secret()
            .then(|| format!("{}_FILE", self.variable()))
    }

    /// Whether a variable of this name sets it.
    pub(super) fn goes_by(&self, name: &str) -> bool {
        self.variable() == name || self.file_variable().as_deref() == Some(name)
    }

    /// The value that it has unless somebody sets it.
    pub(super) fn default_value(&self) -> Value {
        self.check(self.default).unwrap_or_default()
    }

    /// The value that a text means; what it has to be, if it is not.
    pub(super) fn check(&self, raw: &str) -> Result<Value, String> {
        if raw.is_empty() && self.default.is_empty() {
            Ok(Value::Null)
        } else {
            self.kind.check(raw)
        }
    }
}
