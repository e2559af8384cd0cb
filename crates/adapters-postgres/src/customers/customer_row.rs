//! How a row of `customers` becomes facts, and back.

use app::ports::StorageError;
use domain::{
    customers::{CustomerFacts, CustomerProfile},
    ids::{CustomerId, OrganizationId},
    values::{Currency, EmailAddress, ExternalId, Name, TaxId},
    version::Version,
};
use tokio_postgres::{
    Row,
    types::{Json, ToSql},
};

use crate::values::{address_from, address_json, corrupt_value, metadata_from, optional};

const ENTITY: &str = "customer";

pub(super) fn customer_from(row: &Row) -> Result<CustomerFacts, StorageError> {
    let profile = CustomerProfile {
        name: Name::parse(row.get("name")).map_err(|why| corrupt_value(ENTITY, why))?,
        email: optional(row.get("email"), EmailAddress::parse, ENTITY)?,
        address: address_from(row.get("address"), ENTITY)?,
        tax_id: optional(row.get("tax_id"), TaxId::parse, ENTITY)?,
        currency: optional(row.get("currency"), Currency::parse, ENTITY)?,
        external_id: optional(row.get("external_id"), ExternalId::parse, ENTITY)?,
        metadata: metadata_from(row.get("metadata")),
    };
    Ok(CustomerFacts {
        id: CustomerId::from_uuid(row.get("id")),
        organization_id: OrganizationId::from_uuid(row.get("organization_id")),
        profile,
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
        archived_at: row.get("archived_at"),
        version: Version::new(row.get("version")),
    })
}

/// The columns `id` to `version`, in the order of the table.
pub(super) fn columns(facts: &CustomerFacts) -> Vec<Box<dyn ToSql + Sync + Send>> {
    let profile = &facts.profile;
    let email = profile
        .email
        .as_ref()
        .map(|email| email.as_str().to_owned());
    vec![
        Box::new(facts.id.as_uuid()),
        Box::new(facts.organization_id.as_uuid()),
        Box::new(profile.name.as_str().to_owned()),
        Box::new(profile.name.as_str().to_lowercase()),
        Box::new(email.as_deref().map(str::to_lowercase)),
        Box::new(email),
        Box::new(address_json(profile.address.as_ref())),
        Box::new(profile.tax_id.as_ref().map(|id| id.as_str().to_owned())),
        Box::new(profile.currency.map(Currency::code)),
        Box::new(
            profile
                .external_id
                .as_ref()
                .map(|id| id.as_str().to_owned()),
        ),
        Box::new(Json(profile.metadata.pairs().clone())),
        Box::new(facts.created_at),
        Box::new(facts.updated_at),
        Box::new(facts.archived_at),
        Box::new(facts.version.as_i64()),
    ]
}
