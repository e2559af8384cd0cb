//! E-mail addresses.

use std::str::FromStr;

use super::{InvalidValue, LengthLimits, clean_line};

/// One e-mail address (RFC 5321), without a display name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The most characters it may have (RFC 3696, erratum 1690).
    pub const LENGTH_MAX: usize = 254;

    /// Reads one.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let limits = LengthLimits {
            min: 1,
            max: Self::LENGTH_MAX,
        };
        let text = clean_line(raw, limits)?;
        match email_address::EmailAddress::from_str(&text) {
            Ok(address) if address.email() == text && address.domain().contains('.') => {
                Ok(Self(text))
            }
            Ok(_) | Err(_) => Err(InvalidValue::Malformed {
                expected: "one e-mail address such as ada@example.com",
            }),
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ada@example.com", true)]
    #[case("ada+invoices@sub.example.co", true)]
    #[case("Ada <ada@example.com>", false)]
    #[case("a@b.example, c@d.example", false)]
    #[case("ada", false)]
    #[case("ada@", false)]
    #[case("ada@localhost", false)]
    #[case("", false)]
    fn exactly_one_address_is_accepted(#[case] raw: &str, #[case] accepted: bool) {
        assert_eq!(EmailAddress::parse(raw).is_ok(), accepted, "{raw}");
    }
}
