//! The accounts that an organization has without asking for them.

use std::fmt;

use crate::values::InvalidValue;

/// A payment provider, by the name it has in the configuration: 1 to 30 lower-case letters, digits and `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProviderName(String);

impl ProviderName {
    /// The most characters it may have.
    pub const LENGTH_MAX: usize = 30;

    /// Reads one.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let is_welcome =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if (1..=Self::LENGTH_MAX).contains(&raw.len()) && raw.bytes().all(is_welcome) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(InvalidValue::Malformed {
                expected: "the name of a provider: 1 to 30 of a-z, 0-9 and _",
            })
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a system account is for. There is one of each for every currency, made when it is first needed; it may go below
/// zero without a limit, since it stands for the world outside.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SystemAccount {
    /// Where initial balances come from.
    OpeningBalances,
    /// Where deposits come from and withdrawals go to.
    External,
    /// What customers owe.
    Receivables,
    /// What was earned.
    Revenue,
    /// What is owed to the tax office.
    TaxPayable,
    /// Gift vouchers that were not redeemed.
    GiftVouchers,
    /// What is under way through a provider.
    Clearing(ProviderName),
    /// What a provider charges.
    Fees(ProviderName),
}

impl SystemAccount {
    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let of_provider = raw.split_once(':');
        Ok(match (raw, of_provider) {
            ("opening_balances", _) => Self::OpeningBalances,
            ("external", _) => Self::External,
            ("receivables", _) => Self::Receivables,
            ("revenue", _) => Self::Revenue,
            ("tax_payable", _) => Self::TaxPayable,
            ("gift_vouchers", _) => Self::GiftVouchers,
            (_, Some(("clearing", name))) => Self::Clearing(ProviderName::parse(name)?),
            (_, Some(("fees", name))) => Self::Fees(ProviderName::parse(name)?),
            _ => {
                return Err(InvalidValue::Unsupported {
                    expected: "the name of a system account such as external or clearing:stripe",
                });
            }
        })
    }
}

impl fmt::Display for SystemAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpeningBalances => f.write_str("opening_balances"),
            Self::External => f.write_str("external"),
            Self::Receivables => f.write_str("receivables"),
            Self::Revenue => f.write_str("revenue"),
            Self::TaxPayable => f.write_str("tax_payable"),
            Self::GiftVouchers => f.write_str("gift_vouchers"),
            Self::Clearing(provider) => write!(f, "clearing:{}", provider.as_str()),
            Self::Fees(provider) => write!(f, "fees:{}", provider.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for word in [
            "opening_balances",
            "external",
            "receivables",
            "revenue",
            "tax_payable",
            "gift_vouchers",
            "clearing:stripe",
            "fees:paypal",
        ] {
            assert_eq!(SystemAccount::parse(word).unwrap().to_string(), word);
        }
    }

    #[test]
    fn other_words_are_refused() {
        for word in [
            "",
            "cash",
            "clearing",
            "clearing:",
            "clearing:Stripe",
            "fees:a b",
            "External",
        ] {
            assert!(SystemAccount::parse(word).is_err(), "{word}");
        }
    }
}
