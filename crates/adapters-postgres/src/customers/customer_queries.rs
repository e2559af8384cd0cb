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
use tokio_postgres::Row;

use super::{
    customer_row::{COLUMNS, customer_from},
    customer_search::Search,
};
use crate::{
    database::Database,
    listing::{Bounds, collect, counted_max, total_of},
    query_text::Conditions,
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
        let read = async |database: Database| {
            let reading = Reading {
                database: &database,
                organization_id,
                filter,
            };
            reading.list(&Bounds::of(window)).await
        };
        self.database.read_list(read).await
    }
}

/// A list that somebody asks for.
struct Reading<'a> {
    database: &'a Database,
    organization_id: OrganizationId,
    filter: &'a CustomerFilter,
}

impl<'a> Reading<'a> {
    /// By a part of a name and nothing else: whatever else is given leaves few rows, or one.
    fn search(&self) -> Option<Search<'a>> {
        let text = self.filter.name_contains.as_deref()?;
        let is_alone = self.filter.email.is_none() && self.filter.external_id.is_none();
        is_alone.then_some(Search {
            organization_id: self.organization_id,
            text,
        })
    }

    async fn list(&self, bounds: &Bounds) -> Result<Listing<CustomerFacts>, StorageError> {
        let total = if bounds.is_counted {
            self.count().await?.map(total_of)
        } else {
            None
        };
        let rows = self.rows(bounds).await?;
        let position_of = |customer: &CustomerFacts| Position {
            created_at: customer.created_at,
            id: customer.id.as_uuid(),
        };
        Ok(bounds.listing(collect(&rows, customer_from)?, position_of, total))
    }

    async fn count(&self) -> Result<Option<i64>, StorageError> {
        if let Some(search) = self.search() {
            return search.count(self.database).await;
        }
        let mut counted = conditions(self.organization_id, self.filter);
        let limit = counted.param(counted_max());
        let sql = format!(
            "SELECT count(*) FROM (SELECT FROM customers WHERE {} LIMIT {limit}) AS counted",
            counted.text()
        );
        let row = self.database.query_opt(&sql, &counted.params()).await?;
        Ok(row.map(|row| row.get(0)))
    }

    async fn rows(&self, bounds: &Bounds) -> Result<Vec<Row>, StorageError> {
        if let Some(search) = self.search() {
            return search.rows(self.database, bounds).await;
        }
        let mut listed = conditions(self.organization_id, self.filter);
        listed.before(bounds);
        let (offset, limit) = (listed.param(bounds.offset), listed.param(bounds.fetched()));
        let sql = format!(
            "SELECT {COLUMNS} FROM customers WHERE {} ORDER BY created_at DESC, id DESC OFFSET {offset} LIMIT {limit}",
            listed.text()
        );
        self.database.query(&sql, &listed.params()).await
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
        conditions.and("strpos(name_folded, ?) > 0", folded(text));
    }
    conditions
}
