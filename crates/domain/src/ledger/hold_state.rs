//! Where holds stand, in a word.

use crate::values::InvalidValue;

/// Where a hold stands, without what is known of how it got there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HoldState {
    /// The money is reserved.
    Pending,
    /// It was taken, in whole or in part.
    Captured,
    /// It was let go.
    Voided,
    /// Nobody has taken it in time.
    Expired,
}

impl HoldState {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Captured, Self::Voided, Self::Expired];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Captured => "captured",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }

    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|state| state.code() == raw)
            .ok_or(InvalidValue::Unsupported {
                expected: "pending, captured, voided or expired",
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for state in HoldState::ALL {
            assert_eq!(HoldState::parse(state.code()), Ok(state));
        }
        assert!(HoldState::parse("Pending").is_err());
    }
}
