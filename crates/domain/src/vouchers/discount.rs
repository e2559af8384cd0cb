//! What a voucher is worth.

use crate::{
    ledger::TransferAmount,
    values::{Currency, InvalidValue, Rounding, round_ratio},
};

/// A percentage in basis points: 1 to 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PercentOff(u16);

impl PercentOff {
    /// Checks a percentage in basis points.
    pub fn from_bps(bps: i64) -> Result<Self, InvalidValue> {
        u16::try_from(bps)
            .ok()
            .filter(|bps| (1..=10_000).contains(bps))
            .map(Self)
            .ok_or(InvalidValue::OutOfRange {
                rule: "from 1 to 10000 basis points",
            })
    }

    /// In basis points.
    pub const fn as_bps(self) -> u16 {
        self.0
    }
}

/// What a voucher gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Benefit {
    /// A part of the total.
    Percent(PercentOff),
    /// A fixed amount.
    Amount(TransferAmount, Currency),
}

impl Benefit {
    /// What comes off a total, in minor units: a percentage of it, rounded half away from zero, at most `max_minor`; never
    /// more than the total itself.
    pub fn off(&self, total_minor: i64, max_minor: Option<i64>) -> i64 {
        let total = total_minor.max(0);
        let off = match self {
            Self::Amount(amount, _) => amount.as_minor(),
            Self::Percent(percent) => {
                let numerator = i128::from(total) * i128::from(percent.as_bps());
                let off = round_ratio(numerator, 10_000, Rounding::HalfAwayFromZero);
                // A part of the total is within its range.
                i64::try_from(off).unwrap_or(total)
            }
        };
        off.min(max_minor.unwrap_or(off)).min(total)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::values::AMOUNT_MINOR_MAX;

    fn percent(bps: i64) -> Benefit {
        Benefit::Percent(PercentOff::from_bps(bps).unwrap())
    }

    fn amount(minor: i64) -> Benefit {
        let currency = Currency::parse("USD").unwrap();
        Benefit::Amount(TransferAmount::from_minor(minor).unwrap(), currency)
    }

    #[rstest]
    #[case::a_tenth(percent(1_000), 12_345, None, 1_235)]
    #[case::half_goes_up(percent(5_000), 5, None, 3)]
    #[case::less_than_half_goes_down(percent(1), 4_999, None, 0)]
    #[case::all(percent(10_000), 777, None, 777)]
    #[case::capped(percent(5_000), 10_000, Some(1_500), 1_500)]
    #[case::fixed(amount(500), 10_000, None, 500)]
    #[case::never_more_than_the_total(amount(500), 300, None, 300)]
    #[case::nothing_off_nothing(percent(1_000), 0, None, 0)]
    #[case::the_largest_total(percent(10_000), AMOUNT_MINOR_MAX, None, AMOUNT_MINOR_MAX)]
    fn what_comes_off(
        #[case] benefit: Benefit,
        #[case] total: i64,
        #[case] max: Option<i64>,
        #[case] expected: i64,
    ) {
        assert_eq!(benefit.off(total, max), expected);
    }

    #[rstest]
    fn percentages_are_one_to_ten_thousand(#[values(-1, 0, 10_001, i64::MAX)] bps: i64) {
        assert!(PercentOff::from_bps(bps).is_err());
    }

    proptest! {
        #[test]
        fn a_discount_is_within_the_total_and_its_cap(
            bps in 1_i64..=10_000, total in 0..=AMOUNT_MINOR_MAX, max in prop::option::of(1..=AMOUNT_MINOR_MAX),
        ) {
            let off = percent(bps).off(total, max);

            prop_assert!((0..=total).contains(&off));
            prop_assert!(max.is_none_or(|max| off <= max));
            if max.is_none() {
                let twice_error = (i128::from(off) * 10_000 - i128::from(total) * i128::from(bps)).abs() * 2;
                prop_assert!(twice_error <= 10_000);
            }
        }

        #[test]
        fn more_is_never_less(bps in 1_i64..=10_000, total in 0..AMOUNT_MINOR_MAX) {
            prop_assert!(percent(bps).off(total, None) <= percent(bps).off(total + 1, None));
        }
    }
}
