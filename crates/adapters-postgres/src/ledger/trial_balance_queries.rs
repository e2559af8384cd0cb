//! The trial balance: from how accounts stand, so its cost is in accounts and not in entries.

use app::{
    ledger::{CurrencyTotals, TrialBalance, TrialBalanceLine},
    paging::Limit,
    ports::{StorageError, TrialBalanceQueries},
};
use async_trait::async_trait;
use domain::{
    ids::{AccountId, OrganizationId},
    ledger::SystemAccount,
    values::Currency,
};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{columns::Columns, database::Database, error::corrupt, listing::collect};

/// Rows without an id are totals. One statement sees one moment: lines and totals belong together.
const READ: &str = "
    WITH balance AS MATERIALIZED (
        SELECT a.id, a.system, a.currency, sum(s.balance_minor)::bigint AS balance_minor
          FROM (SELECT id, system, currency FROM accounts WHERE organization_id = $1 AND system IS NULL
                 UNION ALL
                SELECT id, system, currency FROM accounts WHERE organization_id = $1 AND system IS NOT NULL) AS a
          JOIN account_standings AS s ON s.account_id = a.id
         GROUP BY a.id, a.system, a.currency),
    line AS (
        SELECT * FROM balance WHERE $2::uuid IS NULL OR id > $2 ORDER BY id LIMIT $3)
    SELECT NULL::uuid AS id, NULL AS system, currency, NULL::bigint AS balance_minor, count(*) AS accounts,
           (-sum(LEAST(balance_minor, 0)))::text AS debits_minor, sum(GREATEST(balance_minor, 0))::text AS credits_minor
      FROM balance
     GROUP BY currency
     UNION ALL
    SELECT id, system, currency, balance_minor, NULL, NULL, NULL FROM line
     ORDER BY id NULLS FIRST, currency";

const ENTITY: &str = "trial balance";

/// Reads trial balances.
pub struct PgTrialBalanceQueries {
    database: Database,
}

impl PgTrialBalanceQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl TrialBalanceQueries for PgTrialBalanceQueries {
    async fn trial_balance(
        &self,
        organization_id: OrganizationId,
        after: Option<AccountId>,
        limit: Limit,
    ) -> Result<TrialBalance, StorageError> {
        let (organization, after) = (organization_id.as_uuid(), after.map(|id| id.as_uuid()));
        let shown = usize::from(limit.rows());
        let fetched = i64::from(limit.rows()) + 1;
        let rows = self
            .database
            .query(READ, &[&organization, &after, &fetched])
            .await?;
        let is_total = |row: &Row| {
            let id: Option<Uuid> = Columns::of(ENTITY, row).get("id")?;
            Ok(id.is_none())
        };
        let totals = rows
            .iter()
            .map(is_total)
            .collect::<Result<Vec<_>, StorageError>>()?;
        let (totals, lines) = rows.split_at(totals.iter().filter(|it| **it).count());
        let mut lines = collect(lines, line_from)?;
        let has_more = lines.len() > shown;
        lines.truncate(shown);
        Ok(TrialBalance {
            totals: collect(totals, totals_from)?,
            lines,
            has_more,
        })
    }
}

fn totals_from(row: &Row) -> Result<CurrencyTotals, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let sum = |column| -> Result<i128, StorageError> {
        let sum: &str = columns.get(column)?;
        sum.parse().map_err(|why| corrupt(ENTITY, why))
    };
    Ok(CurrencyTotals {
        currency: columns.parse("currency", Currency::restore)?,
        accounts: columns.get("accounts")?,
        debits_minor: sum("debits_minor")?,
        credits_minor: sum("credits_minor")?,
    })
}

fn line_from(row: &Row) -> Result<TrialBalanceLine, StorageError> {
    let columns = Columns::of(ENTITY, row);
    Ok(TrialBalanceLine {
        account_id: AccountId::from_uuid(columns.get("id")?),
        system: columns.parse_optional("system", SystemAccount::parse)?,
        currency: columns.parse("currency", Currency::restore)?,
        balance_minor: columns.get("balance_minor")?,
    })
}
