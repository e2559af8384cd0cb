//! How a row of `organizations` becomes facts.

use app::ports::StorageError;
use domain::{
    ids::OrganizationId,
    platform::{NumberPrefix, OrganizationFacts, OrganizationProfile, PaymentTerms},
    values::{Currency, EmailAddress, Name, Rounding, TaxId},
    version::Version,
};
use tokio_postgres::Row;

use crate::{columns::Columns, error::corrupt};

const ENTITY: &str = "organization";

/// Named one by one, so that a prepared statement outlives a migration that adds one.
pub(super) const COLUMNS: &str = "id, legal_name, address, tax_id, email, default_currency, invoice_number_prefix, \
    payment_terms_days, rounding, created_at, updated_at, version";

pub(super) fn organization_from(row: &Row) -> Result<OrganizationFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let days: i16 = columns.get("payment_terms_days")?;
    let profile = OrganizationProfile {
        legal_name: columns.parse("legal_name", Name::parse)?,
        address: columns.address()?,
        tax_id: columns.parse_optional("tax_id", TaxId::parse)?,
        email: columns.parse_optional("email", EmailAddress::parse)?,
        default_currency: columns.parse("default_currency", Currency::restore)?,
        invoice_number_prefix: columns.parse("invoice_number_prefix", NumberPrefix::parse)?,
        payment_terms: PaymentTerms::days(i64::from(days)).map_err(|why| corrupt(ENTITY, why))?,
        rounding: columns.parse("rounding", Rounding::parse)?,
    };
    Ok(OrganizationFacts {
        id: OrganizationId::from_uuid(columns.get("id")?),
        profile,
        created_at: columns.get("created_at")?,
        updated_at: columns.get("updated_at")?,
        version: Version::new(columns.get("version")?),
    })
}
