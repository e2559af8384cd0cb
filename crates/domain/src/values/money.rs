//! Amounts: whole minor units, within what every JSON client reads exactly.

use super::InvalidValue;

/// The largest amount, in minor units: 2^53 − 1.
pub const AMOUNT_MINOR_MAX: i64 = 9_007_199_254_740_991;

/// An amount is beyond ±[`AMOUNT_MINOR_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount would be beyond ±9007199254740991 minor units")]
pub struct AmountOutOfRange;

/// How a fraction of a minor unit is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Half away from zero: 2.5 → 3. What EN 16931 and most tax offices expect.
    HalfAwayFromZero,
    /// Half to the even neighbour: 2.5 → 2, 3.5 → 4.
    HalfEven,
}

impl Rounding {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::HalfAwayFromZero, Self::HalfEven];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::HalfAwayFromZero => "half_away_from_zero",
            Self::HalfEven => "half_even",
        }
    }

    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|rounding| rounding.code() == raw)
            .ok_or(InvalidValue::Unsupported {
                expected: "half_away_from_zero or half_even",
            })
    }
}

/// Narrows the result of a calculation to an amount.
pub fn amount_in_range(amount_minor: i128) -> Result<i64, AmountOutOfRange> {
    i64::try_from(amount_minor)
        .ok()
        .filter(|amount| amount.abs() <= AMOUNT_MINOR_MAX)
        .ok_or(AmountOutOfRange)
}

/// `numerator / denominator`, for a numerator ≥ 0 and a denominator > 0, rounded to a whole number.
pub const fn round_ratio(numerator: i128, denominator: i128, rounding: Rounding) -> i128 {
    let whole = numerator / denominator;
    let twice_rest = 2 * (numerator % denominator);
    let rounds_up = match rounding {
        Rounding::HalfAwayFromZero => twice_rest >= denominator,
        Rounding::HalfEven => {
            twice_rest > denominator || (twice_rest == denominator && whole % 2 == 1)
        }
    };
    if rounds_up { whole + 1 } else { whole }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(25, 3, 2)]
    #[case(35, 4, 4)]
    #[case(24, 2, 2)]
    #[case(26, 3, 3)]
    #[case(0, 0, 0)]
    fn halves_go_where_the_rounding_says(
        #[case] tenths: i128,
        #[case] away: i128,
        #[case] even: i128,
    ) {
        assert_eq!(round_ratio(tenths, 10, Rounding::HalfAwayFromZero), away);
        assert_eq!(round_ratio(tenths, 10, Rounding::HalfEven), even);
    }

    #[test]
    fn words_of_roundings_read_back() {
        for rounding in Rounding::ALL {
            assert_eq!(Rounding::parse(rounding.code()), Ok(rounding));
        }
        assert!(Rounding::parse("half_up").is_err());
    }

    #[test]
    fn amounts_end_where_json_numbers_stop_being_exact() {
        let max = i128::from(AMOUNT_MINOR_MAX);

        assert_eq!(amount_in_range(max), Ok(AMOUNT_MINOR_MAX));
        assert_eq!(amount_in_range(-max), Ok(-AMOUNT_MINOR_MAX));
        assert_eq!(amount_in_range(max + 1), Err(AmountOutOfRange));
        assert_eq!(amount_in_range(i128::MAX), Err(AmountOutOfRange));
    }
}
