//! Codes of standards, as far as the domain knows them.

use std::sync::OnceLock;

use domain::values::{Country, Currency};

/// Every code of three letters that the domain takes for a currency.
pub(super) fn currencies() -> &'static [String] {
    static CODES: OnceLock<Vec<String>> = OnceLock::new();
    CODES.get_or_init(|| {
        let codes = words(words([String::new()].into_iter()));
        words(codes)
            .filter(|code| Currency::parse(code).is_ok())
            .collect()
    })
}

/// Every code of two letters that the domain takes for a country.
pub(super) fn countries() -> &'static [String] {
    static CODES: OnceLock<Vec<String>> = OnceLock::new();
    CODES.get_or_init(|| {
        let codes = words(words([String::new()].into_iter()));
        codes.filter(|code| Country::parse(code).is_ok()).collect()
    })
}

/// Each of the words with each letter after it.
fn words(shorter: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    shorter.flat_map(|word| ('A'..='Z').map(move |letter| format!("{word}{letter}")))
}
