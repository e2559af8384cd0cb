//! What a transfer moves.

use crate::values::{AMOUNT_MINOR_MAX, InvalidValue};

/// An amount that can be moved, in minor units: more than 0, at most [`AMOUNT_MINOR_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TransferAmount(i64);

impl TransferAmount {
    /// Checks an amount in minor units.
    pub const fn from_minor(minor: i64) -> Result<Self, InvalidValue> {
        if minor > 0 && minor <= AMOUNT_MINOR_MAX {
            Ok(Self(minor))
        } else {
            Err(InvalidValue::OutOfRange {
                rule: "greater than 0 and at most 9007199254740991",
            })
        }
    }

    /// In minor units.
    pub const fn as_minor(self) -> i64 {
        self.0
    }
}
