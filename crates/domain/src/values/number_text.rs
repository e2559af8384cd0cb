//! What invoice numbers are made of, and all that they are made from.

use super::{InvalidValue, LengthLimits};

/// Checks that a text has these lengths, and nothing but letters, digits, `-`, `_`, `/` and `.` in it.
pub(crate) fn check_number_text(raw: &str, limits: LengthLimits) -> Result<(), InvalidValue> {
    let LengthLimits { min, max } = limits;
    if raw.is_empty() && min > 0 {
        Err(InvalidValue::Empty)
    } else if raw.chars().count() > max {
        Err(InvalidValue::TooLong {
            max,
            unit: "characters",
        })
    } else if raw.chars().all(is_number_character) {
        Ok(())
    } else {
        Err(InvalidValue::Malformed {
            expected: "letters, digits and - _ / . only",
        })
    }
}

fn is_number_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_/.".contains(c)
}
