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

use crate::{
    columns::Columns,
    values::{address_json, folded},
};

const ENTITY: &str = "customer";

/// Named one by one, so that a prepared statement outlives a migration that adds one.
pub(super) const COLUMNS: &str = "id, organization_id, name, email, address, tax_id, currency, external_id, metadata, \
    created_at, updated_at, archived_at, version";

pub(super) fn customer_from(row: &Row) -> Result<CustomerFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let profile = CustomerProfile {
        name: columns.parse("name", Name::parse)?,
        email: columns.parse_optional("email", EmailAddress::parse)?,
        address: columns.address()?,
        tax_id: columns.parse_optional("tax_id", TaxId::parse)?,
        currency: columns.parse_optional("currency", Currency::restore)?,
        external_id: columns.parse_optional("external_id", ExternalId::parse)?,
        metadata: columns.metadata()?,
    };
    Ok(CustomerFacts {
        id: CustomerId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        profile,
        created_at: columns.get("created_at")?,
        updated_at: columns.get("updated_at")?,
        archived_at: columns.get("archived_at")?,
        version: Version::new(columns.get("version")?),
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
        Box::new(folded(profile.name.as_str())),
        Box::new(email.as_deref().map(folded)),
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
