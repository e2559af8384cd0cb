//! The customers of a transaction.

use std::sync::LazyLock;

use app::ports::{CustomerRepository, StorageError, Written};
use async_trait::async_trait;
use domain::{
    customers::{Customer, CustomerFacts},
    ids::{CustomerId, OrganizationId},
};

use super::customer_row::{COLUMNS, columns, customer_from};
use crate::unit_of_work::{OwnedParam, PgUnitOfWork};

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM customers WHERE organization_id = $1 AND id = $2 AND archived_at IS NULL"
    )
});

static FIND_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| format!("{} FOR UPDATE", *FIND));

const INSERT: &str = "
    INSERT INTO customers (id, organization_id, name, name_folded, email_folded, email, address, tax_id, currency,
                           external_id, metadata, created_at, updated_at, archived_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (organization_id, external_id) WHERE external_id IS NOT NULL AND archived_at IS NULL DO NOTHING";

const UPDATE: &str = "
    UPDATE customers
       SET name = $3, name_folded = $4, email_folded = $5, email = $6, address = $7, tax_id = $8, currency = $9,
           external_id = $10, metadata = $11, created_at = $12, updated_at = $13, archived_at = $14, version = $15
     WHERE organization_id = $2 AND id = $1
       AND NOT EXISTS (SELECT FROM customers AS other
                        WHERE other.organization_id = $2 AND other.external_id = $10 AND other.id <> $1
                          AND other.archived_at IS NULL)";

#[async_trait]
impl CustomerRepository for PgUnitOfWork {
    async fn find(
        &mut self,
        organization_id: OrganizationId,
        id: CustomerId,
    ) -> Result<Option<CustomerFacts>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self.query_opt(&FIND, &[&params[0], &params[1]]).await?;
        row.as_ref().map(customer_from).transpose()
    }

    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: CustomerId,
    ) -> Result<Option<Customer>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .query_opt(&FIND_FOR_UPDATE, &[&params[0], &params[1]])
            .await?;
        let facts = row.as_ref().map(customer_from).transpose()?;
        Ok(facts.map(Customer::restore))
    }

    async fn insert(&mut self, customer: &Customer) -> Result<Written, StorageError> {
        let columns = columns(customer.facts());
        if customer.facts().profile.external_id.is_none() {
            self.defer(INSERT, columns);
            return Ok(Written::Stored);
        }
        self.write(INSERT, &columns).await
    }

    async fn update(&mut self, customer: &Customer) -> Result<Written, StorageError> {
        self.write(UPDATE, &columns(customer.facts())).await
    }
}

impl PgUnitOfWork {
    /// Runs a write that writes one row, or none when another row has a value that is to be unique.
    pub(crate) async fn write(
        &mut self,
        sql: &'static str,
        columns: &[OwnedParam],
    ) -> Result<Written, StorageError> {
        let params: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> = columns
            .iter()
            .map(|column| {
                let column: &(dyn tokio_postgres::types::ToSql + Sync) = column.as_ref();
                column
            })
            .collect();
        Ok(match self.execute(sql, &params).await? {
            0 => Written::AlreadyThere,
            _ => Written::Stored,
        })
    }
}
