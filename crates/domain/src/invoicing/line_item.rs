//! The lines of an invoice.

use super::Quantity;
use crate::values::{
    AMOUNT_MINOR_MAX, AmountOutOfRange, Description, InvalidValue, Rounding, amount_in_range,
    round_ratio,
};

/// What one unit costs, in minor units: more than 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitPrice(i64);

impl UnitPrice {
    /// Checks a price in minor units.
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

/// A tax rate in basis points: 1600 is 16 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaxRate(u16);

impl TaxRate {
    /// No tax.
    pub const ZERO: Self = Self(0);

    /// Checks a rate in basis points.
    pub fn from_bps(bps: i64) -> Result<Self, InvalidValue> {
        u16::try_from(bps)
            .ok()
            .filter(|bps| *bps <= 10_000)
            .map(Self)
            .ok_or(InvalidValue::OutOfRange {
                rule: "from 0 to 10000 basis points",
            })
    }

    /// In basis points.
    pub const fn as_bps(self) -> u16 {
        self.0
    }
}

/// A unit of measure by its code in UN/ECE Recommendation 20 or 21.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitCode(String);

impl UnitCode {
    /// Reads one: one to three upper-case letters or digits.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let is_code = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        if (1..=3).contains(&raw.len()) && raw.bytes().all(is_code) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(InvalidValue::Malformed {
                expected: "a UN/ECE Recommendation 20 code such as C62, HUR or KGM",
            })
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for UnitCode {
    /// "One": a piece.
    fn default() -> Self {
        Self("C62".to_owned())
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineItem {
    /// What it is for.
    pub description: Description,
    /// How much of it.
    pub quantity: Quantity,
    /// What one unit costs.
    pub unit_price: UnitPrice,
    /// How it is taxed.
    pub tax_rate: TaxRate,
    /// What it is counted in.
    pub unit: UnitCode,
}

impl LineItem {
    /// Quantity × unit price, in minor units, before tax (EN 16931 BR-LIN: BT-131).
    pub fn net_minor(&self, rounding: Rounding) -> Result<i64, AmountOutOfRange> {
        let millionths = i128::from(self.quantity.as_millionths());
        let product = millionths * i128::from(self.unit_price.as_minor());
        amount_in_range(round_ratio(product, 1_000_000, rounding))
    }
}

/// The lines of an invoice: 1 to 1,000.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineItems(Vec<LineItem>);

impl LineItems {
    /// The most lines.
    pub const COUNT_MAX: usize = 1_000;

    /// Checks how many there are.
    pub fn new(items: Vec<LineItem>) -> Result<Self, InvalidValue> {
        if items.is_empty() {
            Err(InvalidValue::Empty)
        } else if items.len() > Self::COUNT_MAX {
            Err(InvalidValue::TooLong {
                max: Self::COUNT_MAX,
                unit: "items",
            })
        } else {
            Ok(Self(items))
        }
    }

    /// The lines.
    pub fn as_slice(&self) -> &[LineItem] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn line(quantity: &str, unit_price_minor: i64) -> LineItem {
        LineItem {
            description: Description::parse("work").unwrap(),
            quantity: Quantity::parse(quantity).unwrap(),
            unit_price: UnitPrice::from_minor(unit_price_minor).unwrap(),
            tax_rate: TaxRate::ZERO,
            unit: UnitCode::default(),
        }
    }

    #[rstest]
    #[case("10", 15_000, 150_000)]
    #[case("2.5", 1_001, 2_503)]
    #[case("0.000001", 1, 0)]
    #[case("0.333333", 3, 1)]
    fn a_net_is_rounded_half_away_from_zero(
        #[case] quantity: &str,
        #[case] price: i64,
        #[case] net: i64,
    ) {
        assert_eq!(
            line(quantity, price).net_minor(Rounding::HalfAwayFromZero),
            Ok(net)
        );
    }

    #[test]
    fn a_net_that_json_cannot_carry_is_refused() {
        let dear = line("1000000000", AMOUNT_MINOR_MAX);

        assert_eq!(
            dear.net_minor(Rounding::HalfAwayFromZero),
            Err(AmountOutOfRange)
        );
    }

    #[rstest]
    #[case(0, false)]
    #[case(-1, false)]
    #[case(1, true)]
    #[case(AMOUNT_MINOR_MAX, true)]
    #[case(AMOUNT_MINOR_MAX + 1, false)]
    fn prices_are_positive_and_bounded(#[case] minor: i64, #[case] accepted: bool) {
        assert_eq!(UnitPrice::from_minor(minor).is_ok(), accepted);
    }

    #[rstest]
    #[case(-1, false)]
    #[case(0, true)]
    #[case(10_000, true)]
    #[case(10_001, false)]
    fn rates_end_at_one_hundred_percent(#[case] bps: i64, #[case] accepted: bool) {
        assert_eq!(TaxRate::from_bps(bps).is_ok(), accepted);
    }

    #[rstest]
    #[case("C62", true)]
    #[case("HUR", true)]
    #[case("4L", true)]
    #[case("c62", false)]
    #[case("", false)]
    #[case("KGMX", false)]
    fn units_are_codes(#[case] raw: &str, #[case] accepted: bool) {
        assert_eq!(UnitCode::parse(raw).is_ok(), accepted);
    }

    #[rstest]
    #[case(0, false)]
    #[case(1, true)]
    #[case(1_000, true)]
    #[case(1_001, false)]
    fn an_invoice_has_one_to_a_thousand_lines(#[case] count: usize, #[case] accepted: bool) {
        assert_eq!(LineItems::new(vec![line("1", 1); count]).is_ok(), accepted);
    }
}
