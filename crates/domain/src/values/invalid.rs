//! Why a value was refused.

/// What is wrong with one value. The message completes "this field …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidValue {
    /// Nothing is left after trimming.
    #[error("must not be empty")]
    Empty,
    /// Fewer characters or entries than allowed.
    #[error("must have at least {min} {unit}")]
    TooShort {
        /// The least.
        min: usize,
        /// What is counted.
        unit: &'static str,
    },
    /// More characters or entries than allowed.
    #[error("must have at most {max} {unit}")]
    TooLong {
        /// The most.
        max: usize,
        /// What is counted.
        unit: &'static str,
    },
    /// Control characters, or characters that reverse the reading direction of what follows.
    #[error("must not contain control characters or bidirectional overrides")]
    ForbiddenCharacter,
    /// Something in it could be the number of a payment card (PCI DSS: what is not there cannot be lost).
    #[error("must not contain a card number: pass the token that the provider made of it")]
    CardNumber,
    /// A number or a date beyond what is allowed.
    #[error("must be {rule}")]
    OutOfRange {
        /// What would be right.
        rule: &'static str,
    },
    /// It does not read as what it should be.
    #[error("must be {expected}")]
    Malformed {
        /// What would be right.
        expected: &'static str,
    },
    /// It reads well, but is not one of those known.
    #[error("must be {expected}")]
    Unsupported {
        /// What would be right.
        expected: &'static str,
    },
}

impl InvalidValue {
    /// A stable word for the kind of fault.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::ForbiddenCharacter => "forbidden_character",
            Self::CardNumber => "card_number",
            Self::OutOfRange { .. } => "out_of_range",
            Self::Malformed { .. } => "invalid_format",
            Self::Unsupported { .. } => "unsupported_value",
        }
    }
}
