//! The register of invoice numbers, as it is shown.

use crate::ports::RegisteredNumber;

/// Positions of a series that nobody has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberGap {
    /// The first of them.
    pub from: i64,
    /// The last of them.
    pub to: i64,
}

/// A part of a series, and the gaps in all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberRegister {
    /// The numbers, lowest first.
    pub rows: Vec<RegisteredNumber>,
    /// Whether there are more behind them.
    pub has_more: bool,
    /// The last position that was taken.
    pub last_position: i64,
    /// The gaps up to there.
    pub gaps: Vec<NumberGap>,
}
