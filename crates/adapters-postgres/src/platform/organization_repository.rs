//! The organizations of a transaction.

use std::sync::LazyLock;

use app::ports::{OrganizationRepository, StorageError};
use async_trait::async_trait;
use domain::{
    ids::OrganizationId,
    platform::{Organization, OrganizationFacts},
};

use super::organization_row::{COLUMNS, organization_from};
use crate::{
    unit_of_work::{OwnedParam, PgUnitOfWork},
    values::address_json,
};

static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM organizations WHERE id = $1"));

static FIND_FOR_UPDATE: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM organizations WHERE id = $1 FOR UPDATE"));

const INSERT: &str = "
    INSERT INTO organizations (id, legal_name, address, tax_id, email, default_currency, invoice_number_prefix,
                               payment_terms_days, rounding, created_at, updated_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

const UPDATE: &str = "
    UPDATE organizations
       SET legal_name = $2, address = $3, tax_id = $4, email = $5, default_currency = $6, invoice_number_prefix = $7,
           payment_terms_days = $8, rounding = $9, created_at = $10, updated_at = $11, version = $12
     WHERE id = $1";

#[async_trait]
impl OrganizationRepository for PgUnitOfWork {
    async fn find(
        &mut self,
        id: OrganizationId,
    ) -> Result<Option<OrganizationFacts>, StorageError> {
        if let Some(known) = self.known_organization(id) {
            return Ok(Some(known));
        }
        let row = self.query_opt(&FIND, &[&id.as_uuid()]).await?;
        row.as_ref().map(organization_from).transpose()
    }

    async fn find_for_update(
        &mut self,
        id: OrganizationId,
    ) -> Result<Option<Organization>, StorageError> {
        let row = self.query_opt(&FIND_FOR_UPDATE, &[&id.as_uuid()]).await?;
        let found = row.as_ref().map(organization_from).transpose()?;
        Ok(found.map(|facts| {
            self.come_to_know(facts.clone());
            Organization::restore(facts)
        }))
    }

    async fn insert(&mut self, organization: &Organization) -> Result<(), StorageError> {
        self.defer(INSERT, columns(organization.facts()));
        Ok(())
    }

    async fn update(&mut self, organization: &Organization) -> Result<(), StorageError> {
        self.come_to_know(organization.facts().clone());
        self.defer(UPDATE, columns(organization.facts()));
        Ok(())
    }
}

fn columns(facts: &OrganizationFacts) -> Vec<OwnedParam> {
    let profile = &facts.profile;
    let days = i16::try_from(profile.payment_terms.as_days()).unwrap_or(i16::MAX);
    vec![
        Box::new(facts.id.as_uuid()),
        Box::new(profile.legal_name.as_str().to_owned()),
        Box::new(address_json(profile.address.as_ref())),
        Box::new(profile.tax_id.as_ref().map(|id| id.as_str().to_owned())),
        Box::new(
            profile
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
        ),
        Box::new(profile.default_currency.code()),
        Box::new(profile.invoice_number_prefix.as_str().to_owned()),
        Box::new(days),
        Box::new(profile.rounding.code()),
        Box::new(facts.created_at),
        Box::new(facts.updated_at),
        Box::new(facts.version.as_i64()),
    ]
}
