//! Everything that is wrong with a configuration.

use std::fmt;

/// At least one mistake, when it is an error.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Mistakes(Vec<String>);

impl Mistakes {
    /// One mistake.
    pub(super) fn one(mistake: String) -> Self {
        Self(vec![mistake])
    }

    /// Adds one.
    pub(super) fn add(&mut self, mistake: String) {
        self.0.push(mistake);
    }

    /// Ends the reading if there is any.
    pub(super) fn none_yet(&mut self) -> Result<(), Self> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(std::mem::take(self))
        }
    }

    /// The mistakes.
    pub(crate) fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => write!(f, "the configuration has a mistake:")?,
            count => write!(f, "the configuration has {count} mistakes:")?,
        }
        for mistake in &self.0 {
            write!(f, "\n  - {mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
