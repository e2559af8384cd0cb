//! The figures that tell whether the ledger keeps its promises.

use std::{num::ParseIntError, sync::LazyLock};

use app::ports::{CurrencyFigures, InvariantQueries, LedgerFigures, StorageError};
use async_trait::async_trait;
use domain::ids::OrganizationId;
use jiff::Timestamp;
use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use crate::{columns::Columns, database::Database, error::corrupt};

const ENTITY: &str = "ledger figures";

/// Whose figures: of the organization $2, or of all.
struct Statements {
    one: String,
    all: String,
}

/// All in one statement, and so of one moment. Those that wait to be chained are found in the order of their transactions,
/// from where the chain ends: never by a look at all transfers. The row without a currency carries their number.
static FIGURES: LazyLock<Statements> = LazyLock::new(|| Statements {
    one: figures(" AND organization_id = $2"),
    all: figures(""),
});

fn figures(whose: &str) -> String {
    format!(
        "SELECT organization_id, currency, coalesce(b.balance, 0)::text AS balances_minor,
                coalesce(b.below_floor, 0) AS below_floor, coalesce(b.receivables, 0)::text AS receivables_minor,
                coalesce(i.due, 0)::text AS open_invoices_minor, 0::bigint AS unchained
           FROM (SELECT a.organization_id, a.currency, sum(s.balance_minor) AS balance,
                        sum(s.balance_minor) FILTER (WHERE a.system = 'receivables') AS receivables,
                        count(*) FILTER (WHERE s.balance_minor + s.overdraft_limit_minor - s.held_minor < 0) AS below_floor
                   FROM (SELECT id, organization_id, currency, system FROM accounts WHERE true{whose}) AS a
                   JOIN account_standings AS s ON s.account_id = a.id
                  GROUP BY a.organization_id, a.currency) AS b
           FULL JOIN (SELECT organization_id, currency, sum(due_minor) AS due
                        FROM (SELECT organization_id, currency, status, due_minor FROM invoice_summary WHERE true{whose}
                              UNION ALL
                              SELECT organization_id, currency, status, due_minor
                                FROM invoice_summary_changes WHERE true{whose}) AS groups
                       WHERE status IN ('sent', 'viewed', 'overdue')
                       GROUP BY organization_id, currency) AS i USING (organization_id, currency)
         UNION ALL
         SELECT NULL, NULL, '0', 0, '0', '0', count(*)
           FROM (SELECT organization_id, created_at FROM transfers
                  WHERE xact_id >= (SELECT xact_id FROM transfer_chain_progress)
                  ORDER BY xact_id LIMIT 10000) AS waiting
          WHERE created_at < $1{whose}
          ORDER BY organization_id, currency"
    )
}

/// Reads them from a database.
pub struct PgInvariantQueries {
    database: Database,
}

impl PgInvariantQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl InvariantQueries for PgInvariantQueries {
    async fn figures(
        &self,
        organization_id: Option<OrganizationId>,
        chained_before: Timestamp,
    ) -> Result<LedgerFigures, StorageError> {
        let owner = organization_id.map(|id| id.as_uuid());
        let mut params: Vec<&(dyn ToSql + Sync)> = vec![&chained_before];
        let sql = if let Some(owner) = &owner {
            params.push(owner);
            &FIGURES.one
        } else {
            &FIGURES.all
        };
        let rows = self.database.query(sql, &params).await?;
        let mut figures = LedgerFigures::default();
        for row in &rows {
            figures.unchained += Columns::of(ENTITY, row).get::<i64>("unchained")?;
            figures.currencies.extend(currency_from(row)?);
        }
        Ok(figures)
    }
}

fn currency_from(row: &Row) -> Result<Option<CurrencyFigures>, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let Some(owner) = columns.get::<Option<Uuid>>("organization_id")? else {
        return Ok(None);
    };
    let sum = |column: &str| -> Result<i128, StorageError> {
        let parsed: Result<i128, ParseIntError> = columns.get::<&str>(column)?.parse();
        parsed.map_err(|why| corrupt(ENTITY, why))
    };
    Ok(Some(CurrencyFigures {
        organization_id: OrganizationId::from_uuid(owner),
        currency: columns.get("currency")?,
        balances_minor: sum("balances_minor")?,
        below_floor: columns.get("below_floor")?,
        receivables_minor: sum("receivables_minor")?,
        open_invoices_minor: sum("open_invoices_minor")?,
    }))
}
