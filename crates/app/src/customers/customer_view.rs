//! Customers as they are shown.

use std::collections::BTreeMap;

use domain::{
    customers::CustomerFacts,
    values::{Address, AddressPart},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::wire;

/// An address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressView {
    /// Street and number.
    pub line1: Option<String>,
    /// What the first line had no room for.
    pub line2: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// State, province or region.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

impl From<&Address> for AddressView {
    fn from(address: &Address) -> Self {
        let text = |part: &Option<AddressPart>| part.as_ref().map(|part| part.as_str().to_owned());
        Self {
            line1: text(&address.line1),
            line2: text(&address.line2),
            city: text(&address.city),
            postal_code: text(&address.postal_code),
            region: text(&address.region),
            country: address.country.code().to_owned(),
        }
    }
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerView {
    /// Which one.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Where invoices are sent.
    pub email: Option<String>,
    /// Where it is.
    pub address: Option<AddressView>,
    /// Its tax number.
    pub tax_id: Option<String>,
    /// ISO 4217 code of the currency of its invoices.
    pub currency: Option<String>,
    /// Its id in the client's own system.
    pub external_id: Option<String>,
    /// The client's notes.
    pub metadata: BTreeMap<String, String>,
    /// Since when.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    pub updated_at: Timestamp,
    /// When it was archived.
    #[serde(with = "wire::optional_instant")]
    pub archived_at: Option<Timestamp>,
    /// How often it changed.
    pub version: i64,
}

impl From<&CustomerFacts> for CustomerView {
    fn from(facts: &CustomerFacts) -> Self {
        let profile = &facts.profile;
        Self {
            id: facts.id.as_uuid(),
            name: profile.name.as_str().to_owned(),
            email: profile
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
            address: profile.address.as_ref().map(AddressView::from),
            tax_id: profile.tax_id.as_ref().map(|id| id.as_str().to_owned()),
            currency: profile.currency.map(|currency| currency.code().to_owned()),
            external_id: profile
                .external_id
                .as_ref()
                .map(|id| id.as_str().to_owned()),
            metadata: profile.metadata.pairs().clone(),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            archived_at: facts.archived_at,
            version: facts.version.as_i64(),
        }
    }
}
