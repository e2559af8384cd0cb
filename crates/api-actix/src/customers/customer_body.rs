//! Customers on the wire.

use std::collections::BTreeMap;

use app::{
    customers::{AddressView, CustomerView},
    wire,
};
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
    #[schema(value_type = Option<schemas::Address>)]
    address: Option<AddressView>,
    /// Its tax number.
    #[schema(value_type = Option<schemas::TaxId>)]
    tax_id: Option<String>,
    /// What its invoices are written in, unless they say otherwise.
    #[schema(value_type = Option<schemas::CurrencyCode>)]
    currency: Option<String>,
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
        let view = CustomerView::from(facts);
        Self {
            id: view.id,
            name: view.name,
            email: view.email,
            address: view.address,
            tax_id: view.tax_id,
            currency: view.currency,
            external_id: view.external_id,
            metadata: view.metadata,
            created_at: view.created_at,
            updated_at: view.updated_at,
            archived_at: view.archived_at,
            version: view.version,
        }
    }
}
