//! Customers, for reading.

use std::sync::LazyLock;

use app::{
    paging::{Listing, Position, Window},
    ports::{CustomerFilter, CustomerQueries, StorageError},
};
use async_trait::async_trait;
use domain::{
    customers::CustomerFacts,
    ids::{CustomerId, OrganizationId},
};

use super::customer_row::{COLUMNS, customer_from};
use crate::{
    database::Database,
    listing::{Bounds, collect, counted_max, total_of},
    query_text::{Conditions, contains_condition, contains_pattern},
    values::folded,
};

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {COLUMNS} FROM customers WHERE organization_id = $1 AND id = $2")
});

/// Reads customers.
pub struct PgCustomerQueries {
    database: Database,
}

impl PgCustomerQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl CustomerQueries for PgCustomerQueries {
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: CustomerId,
    ) -> Result<Option<CustomerFacts>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .database
            .query_opt(&FIND, &[&params[0], &params[1]])
            .await?;
        row.as_ref().map(customer_from).transpose()
    }

    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &CustomerFilter,
        window: Window,
    ) -> Result<Listing<CustomerFacts>, StorageError> {
        let bounds = Bounds::of(window);
        let conditions = conditions(organization_id, filter);
        let total = if bounds.is_counted {
            let mut counted = conditions.clone();
            let limit = counted.param(counted_max());
            let sql = format!(
                "SELECT count(*) FROM (SELECT FROM customers WHERE {} LIMIT {limit}) AS counted",
                counted.text()
            );
            let row = self.database.query_opt(&sql, &counted.params()).await?;
            row.map(|row| total_of(row.get(0)))
        } else {
            None
        };
        let mut listed = conditions;
        listed.before(&bounds);
        let (offset, limit) = (listed.param(bounds.offset), listed.param(bounds.fetched()));
        let sql = format!(
            "SELECT {COLUMNS} FROM customers WHERE {} ORDER BY created_at DESC, id DESC OFFSET {offset} LIMIT {limit}",
            listed.text()
        );
        let rows = self.database.query(&sql, &listed.params()).await?;
        let position_of = |customer: &CustomerFacts| Position {
            created_at: customer.created_at,
            id: customer.id.as_uuid(),
        };
        Ok(bounds.listing(collect(&rows, customer_from)?, position_of, total))
    }
}

fn conditions(organization_id: OrganizationId, filter: &CustomerFilter) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.and("organization_id = ?", organization_id.as_uuid());
    conditions.and_fixed("archived_at IS NULL");
    if let Some(email) = &filter.email {
        conditions.and("email_folded = ?", folded(email.as_str()));
    }
    if let Some(external_id) = &filter.external_id {
        conditions.and("external_id = ?", external_id.as_str().to_owned());
    }
    if let Some(text) = &filter.name_contains {
        conditions.and(
            &contains_condition("name_folded", text),
            contains_pattern(text),
        );
    }
    conditions
}
