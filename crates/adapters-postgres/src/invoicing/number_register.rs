//! The register of invoice numbers, for reading.

use app::{
    invoicing::{NumberGap, NumberRegister},
    paging::Limit,
    ports::{NumberRegisterQueries, RegisteredNumber, StorageError},
};
use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::{InvoiceNumber, Series},
};
use tokio_postgres::Row;

use super::invoice_numbers::fate_from;
use crate::{columns::Columns, database::Database, listing::collect};

const FIND_SERIES: &str = "
    SELECT last_position FROM invoice_number_series WHERE organization_id = $1 AND series = $2";

const LIST_SERIES: &str =
    "SELECT series FROM invoice_number_series WHERE organization_id = $1 ORDER BY series";

const LIST: &str = "
    SELECT position, number, invoice_id, fate FROM invoice_numbers
     WHERE organization_id = $1 AND series = $2 AND position > $3
     ORDER BY position LIMIT $4";

/// Each hole between two positions, and the one behind the last. One pass over the index, whatever is listed.
const GAPS: &str = "
    SELECT previous + 1 AS first, position - 1 AS last
      FROM (SELECT position, lag(position, 1, 0::bigint) OVER (ORDER BY position) AS previous
              FROM (SELECT position FROM invoice_numbers WHERE organization_id = $1 AND series = $2 AND position <= $3
                    UNION ALL SELECT $3::bigint + 1) AS positions) AS steps
     WHERE position > previous + 1
     ORDER BY first LIMIT 1000";

/// Reads the register.
pub struct PgNumberRegisterQueries {
    database: Database,
}

impl PgNumberRegisterQueries {
    /// That of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl NumberRegisterQueries for PgNumberRegisterQueries {
    async fn register(
        &self,
        organization_id: OrganizationId,
        series: &Series,
        after: i64,
        limit: Limit,
    ) -> Result<Option<NumberRegister>, StorageError> {
        let (organization, name) = (organization_id.as_uuid(), series.as_str());
        let found = self
            .database
            .query_opt(FIND_SERIES, &[&organization, &name])
            .await?;
        let Some(found) = found else {
            return Ok(None);
        };
        let last_position: i64 = found.get("last_position");
        let shown = usize::from(limit.rows());
        let fetched = i64::from(limit.rows()) + 1;
        let rows = self
            .database
            .query(LIST, &[&organization, &name, &after, &fetched])
            .await?;
        let gaps = self
            .database
            .query(GAPS, &[&organization, &name, &last_position])
            .await?;
        let mut numbers = collect(&rows, number_from)?;
        let has_more = numbers.len() > shown;
        numbers.truncate(shown);
        Ok(Some(NumberRegister {
            rows: numbers,
            has_more,
            last_position,
            gaps: gaps.iter().map(gap_from).collect(),
        }))
    }

    async fn list_series(
        &self,
        organization_id: OrganizationId,
    ) -> Result<Vec<Series>, StorageError> {
        let rows = self
            .database
            .query(LIST_SERIES, &[&organization_id.as_uuid()])
            .await?;
        Ok(rows
            .iter()
            .map(|row| Series::named(row.get("series")))
            .collect())
    }
}

fn number_from(row: &Row) -> Result<RegisteredNumber, StorageError> {
    let columns = Columns::of("invoice number", row);
    Ok(RegisteredNumber {
        position: columns.get("position")?,
        number: columns.parse("number", InvoiceNumber::parse)?,
        invoice_id: InvoiceId::from_uuid(columns.get("invoice_id")?),
        fate: fate_from(columns.get("fate")?)?,
    })
}

fn gap_from(row: &Row) -> NumberGap {
    NumberGap {
        from: row.get("first"),
        to: row.get("last"),
    }
}
