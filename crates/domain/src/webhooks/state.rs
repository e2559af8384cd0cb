//! Whether an endpoint gets anything.

use jiff::Timestamp;

/// Why an endpoint gets nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisabledReason {
    /// Its owner wants it so.
    Requested,
    /// It has answered 410 (Gone).
    Gone,
    /// It has done nothing but fail for too long.
    Failing,
}

impl DisabledReason {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Requested, Self::Gone, Self::Failing];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }

    /// The reason of this word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// Whether an endpoint gets anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookState {
    /// It gets what it has asked for.
    Enabled,
    /// It gets nothing. What waited for it when it was disabled goes on waiting.
    Disabled {
        /// Why.
        reason: DisabledReason,
        /// Since when.
        since: Timestamp,
    },
}

impl WebhookState {
    /// Whether it gets anything.
    pub const fn is_enabled(self) -> bool {
        matches!(self, Self::Enabled)
    }

    /// Why it gets nothing, if it does not.
    pub const fn disabled(self) -> Option<(DisabledReason, Timestamp)> {
        match self {
            Self::Enabled => None,
            Self::Disabled { reason, since } => Some((reason, since)),
        }
    }
}
