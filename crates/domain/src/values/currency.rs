//! Currencies.

use iso_currency::Flag;

use super::InvalidValue;

/// A currency of ISO 4217: an active one that has minor units, unless it was stored while it was one.
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

    /// Reads the code of a stored currency, also of one that has been withdrawn since. For storage adapters only: what
    /// was written in it stays readable, whatever a later edition of the standard says.
    pub fn restore(raw: &str) -> Result<Self, InvalidValue> {
        iso_currency::Currency::from_code(raw)
            .map(Self)
            .ok_or(InvalidValue::Unsupported {
                expected: "an ISO 4217 currency code",
            })
    }

    /// Whether it may be used for something new: a stored one may have been withdrawn since.
    pub fn is_active(self) -> bool {
        is_active(self.0)
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

    #[rstest]
    #[case::withdrawn("HRK", false)]
    #[case::active("EUR", true)]
    fn what_was_stored_in_a_withdrawn_currency_is_still_read(
        #[case] code: &str,
        #[case] is_active: bool,
    ) {
        let restored = Currency::restore(code).unwrap();

        assert_eq!((restored.code(), restored.is_active()), (code, is_active));
    }

    #[rstest]
    fn what_never_was_a_currency_is_not_restored(#[values("eur", "ZZZ", "", "€")] code: &str) {
        assert!(Currency::restore(code).is_err());
    }
}
