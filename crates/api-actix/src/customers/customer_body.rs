//! Customers on the wire.

use std::collections::BTreeMap;

use app::wire;
use domain::customers::CustomerFacts;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Customer, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "name": "Ada Lovelace Ltd",
    "email": "ada@example.com",
    "address": null,
    "tax_id": "GB123456789",
    "currency": "GBP",
    "external_id": "customer-4711",
    "metadata": {"segment": "b2b"},
    "created_at": "2026-11-20T13:02:11.123456Z",
    "updated_at": "2026-11-20T13:02:11.123456Z",
    "archived_at": null,
    "version": 1,
}))]
pub(super) struct CustomerBody {
    /// Which one.
    id: Uuid,
    /// What it is called.
    #[schema(value_type = schemas::Name)]
    name: String,
    /// Where invoices are sent.
    #[schema(value_type = Option<schemas::EmailAddress>)]
    email: Option<String>,
    /// Where it is.
    address: Option<schemas::Address>,
    /// Its tax number.
    #[schema(value_type = Option<schemas::TaxId>)]
    tax_id: Option<String>,
    /// What its invoices are written in, unless they say otherwise.
    #[schema(value_type = Option<schemas::CurrencyCode>)]
    currency: Option<&'static str>,
    /// Its id in your own system.
    #[schema(value_type = Option<schemas::ExternalId>)]
    external_id: Option<String>,
    /// Your own notes.
    #[schema(value_type = schemas::Metadata)]
    metadata: BTreeMap<String, String>,
    /// Since when it is there.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    updated_at: Timestamp,
    /// When it was archived, if it was.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    archived_at: Option<Timestamp>,
    /// How often it changed.
    #[schema(value_type = schemas::VersionNumber)]
    version: i64,
}

impl From<&CustomerFacts> for CustomerBody {
    fn from(facts: &CustomerFacts) -> Self {
        let profile = &facts.profile;
        Self {
            id: facts.id.as_uuid(),
            name: profile.name.as_str().to_owned(),
            email: profile
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
            address: profile.address.as_ref().map(schemas::Address::from),
            tax_id: profile.tax_id.as_ref().map(|id| id.as_str().to_owned()),
            currency: profile.currency.map(domain::values::Currency::code),
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
