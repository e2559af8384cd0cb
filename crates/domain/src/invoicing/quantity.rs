//! Quantities: decimals with at most six fraction digits.

use std::fmt;

use crate::values::InvalidValue;

/// More than 0, at most 1,000,000,000, kept as whole millionths so that no arithmetic loses a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity {
    millionths: i64,
}

const FRACTION_DIGITS: usize = 6;
const MILLION: i64 = 1_000_000;
const WHOLE_MAX: i64 = 1_000_000_000;
const RANGE: InvalidValue = InvalidValue::OutOfRange {
    rule: "greater than 0 and at most 1000000000",
};
const FORM: InvalidValue = InvalidValue::Malformed {
    expected: "an integer, or a decimal string with at most 6 fraction digits",
};

impl Quantity {
    /// Reads a decimal such as `2` or `2.5`: digits, and at most six more behind a point. No sign other than a minus
    /// (which is out of range), no exponent, no spaces.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let (is_negative, digits) = match raw.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, raw),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || fraction.len() > FRACTION_DIGITS {
            return Err(FORM);
        }
        let whole: i64 = whole.parse().map_err(|_too_many_digits| RANGE)?;
        let padded: i64 = format!("{fraction:0<FRACTION_DIGITS$}")
            .parse()
            .map_err(|_not_possible| FORM)?;
        if is_negative || whole > WHOLE_MAX {
            return Err(RANGE);
        }
        Self::from_millionths(whole * MILLION + padded)
    }

    /// From whole millionths.
    pub const fn from_millionths(millionths: i64) -> Result<Self, InvalidValue> {
        if millionths > 0 && millionths <= WHOLE_MAX * MILLION {
            Ok(Self { millionths })
        } else {
            Err(RANGE)
        }
    }

    /// In millionths.
    pub const fn as_millionths(self) -> i64 {
        self.millionths
    }
}

/// As a decimal without trailing zeros.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.millionths / MILLION, self.millionths % MILLION);
        if fraction == 0 {
            write!(f, "{whole}")
        } else {
            let digits = format!("{fraction:0>FRACTION_DIGITS$}");
            write!(f, "{whole}.{}", digits.trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2", "2")]
    #[case("2.50", "2.5")]
    #[case("0.000001", "0.000001")]
    #[case("1000000000", "1000000000")]
    #[case("1000000000.000000", "1000000000")]
    #[case("007", "7")]
    fn quantities_are_answered_without_trailing_zeros(#[case] raw: &str, #[case] spelt: &str) {
        assert_eq!(Quantity::parse(raw).unwrap().to_string(), spelt);
    }

    #[rstest]
    #[case("0", "out_of_range")]
    #[case("0.000000", "out_of_range")]
    #[case("-1", "out_of_range")]
    #[case("1000000000.000001", "out_of_range")]
    #[case("1000000001", "out_of_range")]
    #[case("99999999999999999999999", "out_of_range")]
    #[case("0.0000001", "invalid_format")]
    #[case("1e3", "invalid_format")]
    #[case("1.", "invalid_format")]
    #[case(".5", "invalid_format")]
    #[case("+1", "invalid_format")]
    #[case("1 ", "invalid_format")]
    #[case("1,5", "invalid_format")]
    #[case("١", "invalid_format")]
    #[case("1_000", "invalid_format")]
    #[case("", "invalid_format")]
    fn what_is_not_a_quantity_is_refused(#[case] raw: &str, #[case] code: &str) {
        assert_eq!(Quantity::parse(raw).unwrap_err().code(), code);
    }

    proptest! {
        #[test]
        fn every_quantity_reads_back_as_it_is_written(millionths in 1..=WHOLE_MAX * MILLION) {
            let quantity = Quantity::from_millionths(millionths).unwrap();

            prop_assert_eq!(Quantity::parse(&quantity.to_string()), Ok(quantity));
        }
    }
}
