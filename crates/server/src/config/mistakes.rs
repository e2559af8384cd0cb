//! Everything that is wrong with a configuration.

use std::fmt;

/// At least one mistake, when it is an error.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Mistakes {
    mistakes: Vec<String>,
    warnings: Vec<String>,
}

impl Mistakes {
    /// One mistake.
    pub(super) fn one(mistake: String) -> Self {
        Self {
            mistakes: vec![mistake],
            warnings: Vec::new(),
        }
    }

    /// Adds one.
    pub(super) fn add(&mut self, mistake: String) {
        self.mistakes.push(mistake);
    }

    /// Whether one of them is about this setting, so that nobody knows what it was meant to be.
    pub(super) fn are_about(&self, variable: &str) -> bool {
        let subject = |mistake: &String| {
            let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
            let name = mistake.split(|it| !is_name(it)).next().unwrap_or_default();
            name.strip_suffix("_FILE").unwrap_or(name) == variable
        };
        self.mistakes.iter().any(subject)
    }

    /// Adds what may explain them: a name that is misspelt is a setting that is missing.
    pub(super) fn warn(&mut self, warnings: Vec<String>) {
        self.warnings = warnings;
    }

    /// Ends the reading if there is any.
    pub(super) fn none_yet(&mut self) -> Result<(), Self> {
        if self.mistakes.is_empty() {
            Ok(())
        } else {
            Err(std::mem::take(self))
        }
    }

    /// The mistakes.
    pub(crate) fn as_slice(&self) -> &[String] {
        &self.mistakes
    }

    /// What is probably not meant either.
    pub(crate) fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mistakes.len() {
            1 => write!(f, "the configuration has a mistake:")?,
            count => write!(f, "the configuration has {count} mistakes:")?,
        }
        for mistake in &self.mistakes {
            write!(f, "\n  - {mistake}")?;
        }
        if !self.warnings.is_empty() {
            write!(f, "\nperhaps because of this:")?;
        }
        for warning in &self.warnings {
            write!(f, "\n  - {warning}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
