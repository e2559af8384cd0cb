//! Money as people write it.

use std::str::FromStr;

/// An amount in minor units: `30.00` is 3000, `500` is 500.
pub(crate) fn minor(amount: &str) -> i64 {
    amount.replace('.', "").parse().expect("an amount")
}

/// `30.00 USD`
pub(crate) struct Money {
    pub(crate) minor: i64,
    pub(crate) currency: String,
}

impl FromStr for Money {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (amount, currency) = text.split_once(' ').ok_or("an amount and a currency")?;
        Ok(Self {
            minor: minor(amount),
            currency: currency.to_owned(),
        })
    }
}

/// `"Ada" to "Bob"`, or `"Ada" for "Bob"`
pub(crate) struct Route {
    pub(crate) from: String,
    pub(crate) to: String,
}

impl FromStr for Route {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut names = text.split('"').skip(1).step_by(2).map(str::to_owned);
        match (names.next(), names.next()) {
            (Some(from), Some(to)) => Ok(Self { from, to }),
            _ => Err("from whom to whom"),
        }
    }
}
