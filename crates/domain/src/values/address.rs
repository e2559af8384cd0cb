//! Postal addresses.

use super::{
    Country, InvalidValue, LengthLimits,
    text::{clean_line, text_type},
};

text_type!(
    /// One part of an address.
    AddressPart, clean_line, 1..=255
);

/// Where someone is to be found. EN 16931 wants the country (BR-9, BR-11); the rest is what the client knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Street and number.
    pub line1: Option<AddressPart>,
    /// What the first line had no room for.
    pub line2: Option<AddressPart>,
    /// The city.
    pub city: Option<AddressPart>,
    /// The postal code.
    pub postal_code: Option<AddressPart>,
    /// State, province or region.
    pub region: Option<AddressPart>,
    /// The country.
    pub country: Country,
}
