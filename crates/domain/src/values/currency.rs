//! Currencies.

use iso_currency::Flag;

use super::InvalidValue;

/// An active currency of ISO 4217 that has minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// Reads an alphabetic code in upper case.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        iso_currency::Currency::from_code(raw)
            .filter(|currency| is_active(*currency))
            .map(Self)
            .ok_or(InvalidValue::Unsupported {
                expected: "an active ISO 4217 currency code such as EUR",
            })
    }

    /// The alphabetic code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimal digits its minor unit has: JPY 0, USD 2, KWD 3.
    pub fn minor_unit_digits(self) -> u16 {
        self.0.exponent().unwrap_or(0)
    }
}

/// Funds, metals, test codes and replaced currencies are not what an invoice is written in. VES is marked as superseded
/// by VED in the data, but ISO 4217 lists both, and VES is what Venezuela prices in.
fn is_active(currency: iso_currency::Currency) -> bool {
    let has = |flag: fn(&Flag) -> bool| currency.flags().iter().any(flag);
    currency.exponent().is_some()
        && !has(|flag| matches!(flag, Flag::Fund | Flag::Special))
        && (!has(|flag| matches!(flag, Flag::Superseded(_)))
            || currency == iso_currency::Currency::VES)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("JPY", 0)]
    #[case("USD", 2)]
    #[case("KWD", 3)]
    fn minor_units_come_from_the_standard(#[case] code: &str, #[case] digits: u16) {
        assert_eq!(Currency::parse(code).unwrap().minor_unit_digits(), digits);
    }

    #[rstest]
    fn what_is_not_an_active_currency_is_refused(
        #[values("usd", "XXX", "XTS", "XAU", "CHE", "HRK", "DEM", "", "EURO", "€")] code: &str,
    ) {
        assert!(Currency::parse(code).is_err());
    }
}
