//! What kind of aggregate an event happened to.

use crate::ports::AggregateKind;

/// A kind of aggregate as events tell it: while a deployment is brought to another release, there are events of kinds that
/// only the later one knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// One that this release knows.
    Known(AggregateKind),
    /// The word of one that it does not.
    Later(String),
}

impl EventKind {
    /// The kind of this word.
    pub fn of(code: &str) -> Self {
        AggregateKind::parse(code).map_or_else(|| Self::Later(code.to_owned()), Self::Known)
    }

    /// Its word.
    pub fn code(&self) -> &str {
        match self {
            Self::Known(kind) => kind.code(),
            Self::Later(code) => code,
        }
    }

    /// The kind, if this release knows it.
    pub const fn known(&self) -> Option<AggregateKind> {
        match self {
            Self::Known(kind) => Some(*kind),
            Self::Later(_) => None,
        }
    }
}

impl From<AggregateKind> for EventKind {
    fn from(kind: AggregateKind) -> Self {
        Self::Known(kind)
    }
}
