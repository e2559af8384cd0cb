//! Addresses, as others read and write them.

use utoipa::ToSchema;

use super::{AddressPart, CountryCode};

/// Where someone is to be found.
#[derive(Debug, ToSchema)]
#[schema(example = json!({
    "line1": "12 St James's Square",
    "line2": null,
    "city": "London",
    "postal_code": "SW1Y 4JH",
    "region": null,
    "country": "GB",
}))]
#[expect(dead_code, reason = "it describes what others read and write")]
pub struct Address {
    /// Street and number.
    #[schema(value_type = Option<AddressPart>)]
    line1: Option<String>,
    /// What the first line had no room for.
    #[schema(value_type = Option<AddressPart>)]
    line2: Option<String>,
    /// The city.
    #[schema(value_type = Option<AddressPart>)]
    city: Option<String>,
    /// The postal code.
    #[schema(value_type = Option<AddressPart>)]
    postal_code: Option<String>,
    /// State, province or region.
    #[schema(value_type = Option<AddressPart>)]
    region: Option<String>,
    /// The country.
    #[schema(value_type = CountryCode)]
    country: String,
}
