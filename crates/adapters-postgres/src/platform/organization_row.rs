//! How a row of `organizations` becomes facts.

use app::ports::StorageError;
use domain::{
    ids::OrganizationId,
    platform::{NumberPrefix, OrganizationFacts, OrganizationProfile, PaymentTerms},
    values::{Currency, EmailAddress, Name, TaxId},
    version::Version,
};
use tokio_postgres::Row;

use crate::values::{address_from, corrupt_value, optional, rounding_from};

const ENTITY: &str = "organization";

pub(super) fn organization_from(row: &Row) -> Result<OrganizationFacts, StorageError> {
    let invalid = |why| corrupt_value(ENTITY, why);
    let profile = OrganizationProfile {
        legal_name: Name::parse(row.get("legal_name")).map_err(invalid)?,
        address: address_from(row.get("address"), ENTITY)?,
        tax_id: optional(row.get("tax_id"), TaxId::parse, ENTITY)?,
        email: optional(row.get("email"), EmailAddress::parse, ENTITY)?,
        default_currency: Currency::parse(row.get("default_currency")).map_err(invalid)?,
        invoice_number_prefix: NumberPrefix::parse(row.get("invoice_number_prefix"))
            .map_err(invalid)?,
        payment_terms: PaymentTerms::days(i64::from(row.get::<_, i16>("payment_terms_days")))
            .map_err(invalid)?,
        rounding: rounding_from(row.get("rounding"), ENTITY)?,
    };
    Ok(OrganizationFacts {
        id: OrganizationId::from_uuid(row.get("id")),
        profile,
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
        version: Version::new(row.get("version")),
    })
}
