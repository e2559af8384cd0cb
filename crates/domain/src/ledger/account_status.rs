//! Whether accounts take part in transfers.

use crate::values::InvalidValue;

/// Whether an account takes part in transfers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountStatus {
    /// It does.
    Active,
    /// Not for now.
    Frozen,
    /// Not any more.
    Closed,
}

impl AccountStatus {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Active, Self::Frozen, Self::Closed];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Frozen => "frozen",
            Self::Closed => "closed",
        }
    }

    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|status| status.code() == raw)
            .ok_or(InvalidValue::Unsupported {
                expected: "active, frozen or closed",
            })
    }
}
