//! The fields of a customer in a request.

use app::customers::CustomerChanges;
use domain::{
    customers::CustomerProfile,
    values::{ExternalId, Name},
};
use utoipa::ToSchema;

use crate::{
    input::{
        Fields,
        readers::{address, currency, email, metadata, tax_id, text},
    },
    schemas,
};

/// A customer to be registered.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Ada Lovelace Ltd", "email": "ada@example.com", "external_id": "customer-4711"}))]
#[expect(
    dead_code,
    reason = "the schema of the body, which `new_customer` reads"
)]
pub(super) struct NewCustomer {
    /// What it is called.
    name: schemas::Name,
    /// Where invoices are sent.
    email: Option<schemas::EmailAddress>,
    /// Where it is.
    address: Option<schemas::Address>,
    /// Its tax number.
    tax_id: Option<schemas::TaxId>,
    /// What its invoices are written in, unless they say otherwise.
    currency: Option<schemas::CurrencyCode>,
    /// Its id in your own system: unique in the organization.
    external_id: Option<schemas::ExternalId>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// What is to be different. A field that is left out stays as it is; `null` takes it away.
#[derive(ToSchema)]
#[schema(as = CustomerChanges, example = json!({"email": "billing@example.com", "tax_id": null}))]
#[expect(
    dead_code,
    reason = "the schema of the body, which `customer_changes` reads"
)]
pub(super) struct ChangedCustomer {
    /// What it is called.
    #[schema(required = false)]
    name: schemas::Name,
    /// Where invoices are sent.
    email: Option<schemas::EmailAddress>,
    /// Where it is.
    address: Option<schemas::Address>,
    /// Its tax number.
    tax_id: Option<schemas::TaxId>,
    /// What its invoices are written in, unless they say otherwise.
    currency: Option<schemas::CurrencyCode>,
    /// Its id in your own system: unique in the organization.
    external_id: Option<schemas::ExternalId>,
    /// Your own notes, all of them.
    #[schema(required = false)]
    metadata: schemas::Metadata,
}

/// Reads a new customer.
pub(super) fn new_customer(fields: &mut Fields<'_>) -> Option<CustomerProfile> {
    let name = fields.required("name", text(Name::parse));
    let email = fields.optional("email", email);
    let address = fields.optional("address", address);
    let tax_id = fields.optional("tax_id", tax_id);
    let currency = fields.optional("currency", currency);
    let external_id = fields.optional("external_id", text(ExternalId::parse));
    let metadata = fields.optional("metadata", metadata);
    Some(CustomerProfile {
        name: name?,
        email: email?,
        address: address?,
        tax_id: tax_id?,
        currency: currency?,
        external_id: external_id?,
        metadata: metadata?.unwrap_or_default(),
    })
}

/// Reads what is to be different.
pub(super) fn customer_changes(fields: &mut Fields<'_>) -> Option<CustomerChanges> {
    let name = fields.change("name", text(Name::parse));
    let email = fields.clearable("email", email);
    let address = fields.clearable("address", address);
    let tax_id = fields.clearable("tax_id", tax_id);
    let currency = fields.clearable("currency", currency);
    let external_id = fields.clearable("external_id", text(ExternalId::parse));
    let metadata = fields.change("metadata", metadata);
    Some(CustomerChanges {
        name: name?,
        email: email?,
        address: address?,
        tax_id: tax_id?,
        currency: currency?,
        external_id: external_id?,
        metadata: metadata?,
    })
}
