//! Countries.

use std::str::FromStr;

use super::InvalidValue;

/// A country of ISO 3166-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country([u8; 2]);

impl Country {
    /// Reads an alpha-2 code in upper case.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let expected = "an ISO 3166-1 alpha-2 country code such as DE";
        let known = iso_country::Country::from_str(raw);
        match (known, raw.as_bytes()) {
            (Ok(country), &[a, b])
                if country != iso_country::Country::Unspecified
                    && a.is_ascii_uppercase()
                    && b.is_ascii_uppercase() =>
            {
                Ok(Self([a, b]))
            }
            _ => Err(InvalidValue::Unsupported { expected }),
        }
    }

    /// The alpha-2 code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_assigned_alpha_2_codes_in_upper_case_are_countries() {
        assert_eq!(Country::parse("DE").unwrap().code(), "DE");

        for raw in ["de", "XX", "DEU", "", "D", "ÄÄ"] {
            assert!(Country::parse(raw).is_err(), "{raw}");
        }
    }
}
