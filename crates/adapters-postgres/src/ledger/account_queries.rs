//! Accounts, for reading.

use std::sync::LazyLock;

use app::{
    ledger::{AccountState, PastBalance},
    paging::{Listing, Position, Total, Window},
    ports::{AccountFilter, AccountQueries, StorageError},
};
use async_trait::async_trait;
use domain::{
    ids::{AccountId, OrganizationId},
    ledger::AccountStatus,
    values::Currency,
};
use jiff::Timestamp;
use tokio_postgres::Row;

use super::account_row::{COLUMNS, STANDING, state_from};
use crate::{
    columns::Columns,
    database::Database,
    listing::{Bounds, collect, counted_max, total_of},
    query_text::Conditions,
};

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS}, s.* FROM accounts AS a {STANDING} WHERE a.organization_id = $1 AND a.id = $2"
    )
});

/// Of each page, the last entry that was made by then.
const BALANCE_AT: &str = "
    SELECT a.currency, coalesce(sum(entry.balance_after_minor), 0)::bigint AS balance_minor
      FROM accounts AS a
      JOIN account_standings AS s ON s.account_id = a.id
      LEFT JOIN LATERAL (
               SELECT balance_after_minor FROM entries
                WHERE account_id = s.account_id AND shard = s.shard
                  AND sequence = (SELECT last_sequence_at(s.account_id, s.shard, $3))) AS entry ON true
     WHERE a.organization_id = $1 AND a.id = $2
     GROUP BY a.currency";

/// Reads accounts.
pub struct PgAccountQueries {
    database: Database,
}

impl PgAccountQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    async fn count(
        &self,
        filter: &AccountFilter,
        mut conditions: Conditions,
    ) -> Result<Option<Total>, StorageError> {
        let limit = conditions.param(counted_max());
        let sql = format!(
            "SELECT count(*) FROM (SELECT FROM {} WHERE {} LIMIT {limit}) AS counted",
            source(filter),
            conditions.text()
        );
        let rows = self.read(filter, &sql, &conditions).await?;
        Ok(rows.first().map(|row| total_of(row.get(0))))
    }

    /// Filters that are given alone make few statements, which are kept.
    async fn read(
        &self,
        filter: &AccountFilter,
        sql: &str,
        conditions: &Conditions,
    ) -> Result<Vec<Row>, StorageError> {
        let restrictions = [
            filter.owner.is_some(),
            filter.currency.is_some(),
            filter.status.is_some(),
        ];
        if restrictions.iter().filter(|is_given| **is_given).count() <= 1 {
            self.database.query(sql, &conditions.params()).await
        } else {
            self.database
                .query_rare(sql, &conditions.typed_params())
                .await
        }
    }

    async fn list_here(
        &self,
        organization_id: OrganizationId,
        filter: &AccountFilter,
        window: Window,
    ) -> Result<Listing<AccountState>, StorageError> {
        let bounds = Bounds::of(window);
        let conditions = conditions(organization_id, filter);
        let total = if bounds.is_counted {
            self.count(filter, conditions.clone()).await?
        } else {
            None
        };
        let mut listed = conditions;
        listed.before(&bounds);
        let (offset, limit) = (listed.param(bounds.offset), listed.param(bounds.fetched()));
        let sql = format!(
            "SELECT {COLUMNS}, s.*
               FROM (SELECT * FROM {} WHERE {}
                      ORDER BY created_at DESC, id DESC OFFSET {offset} LIMIT {limit}) AS a {STANDING}
              ORDER BY a.created_at DESC, a.id DESC",
            source(filter),
            listed.text()
        );
        let rows = self.read(filter, &sql, &listed).await?;
        let position_of = |state: &AccountState| Position {
            created_at: state.facts.created_at,
            id: state.facts.id.as_uuid(),
        };
        Ok(bounds.listing(collect(&rows, state_from)?, position_of, total))
    }
}

#[async_trait]
impl AccountQueries for PgAccountQueries {
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: AccountId,
    ) -> Result<Option<AccountState>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .database
            .query_opt(&FIND, &[&params[0], &params[1]])
            .await?;
        row.as_ref().map(state_from).transpose()
    }

    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &AccountFilter,
        window: Window,
    ) -> Result<Listing<AccountState>, StorageError> {
        let read = async |database: Database| {
            let there = Self::new(database);
            there.list_here(organization_id, filter, window).await
        };
        self.database.read_list(read).await
    }

    async fn balance_at(
        &self,
        organization_id: OrganizationId,
        id: AccountId,
        instant: Timestamp,
    ) -> Result<Option<PastBalance>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .database
            .query_opt(BALANCE_AT, &[&params[0], &params[1], &instant])
            .await?;
        let read = |row: &_| {
            let columns = Columns::of("balance", row);
            Ok(PastBalance {
                currency: columns.parse("currency", Currency::restore)?,
                balance_minor: columns.get("balance_minor")?,
            })
        };
        row.as_ref().map(read).transpose()
    }
}

/// What a list is read from, as `a`. Few accounts are frozen or closed, and have an index of their own, which the word
/// leads to; unless it is one owner's accounts that are looked at.
fn source(filter: &AccountFilter) -> String {
    match filter.status {
        Some(status @ (AccountStatus::Frozen | AccountStatus::Closed))
            if filter.owner.is_none() =>
        {
            format!(
                "(SELECT inactive.*
                    FROM account_standings AS s
                   CROSS JOIN LATERAL (SELECT * FROM accounts WHERE id = s.account_id LIMIT 1) AS inactive
                   WHERE s.organization_id = $1 AND s.status = '{}') AS a",
                status.code()
            )
        }
        Some(_) | None => "accounts AS a".to_owned(),
    }
}

fn conditions(organization_id: OrganizationId, filter: &AccountFilter) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.and("organization_id = ?", organization_id.as_uuid());
    conditions.and_fixed("system IS NULL");
    if let Some(owner) = &filter.owner {
        conditions.and("owner = ?", owner.as_str().to_owned());
    }
    if let Some(currency) = filter.currency {
        conditions.and("currency = ?", currency.code());
    }
    if let Some(status) = filter.status {
        conditions.and(
            "(SELECT status FROM account_standings WHERE account_id = a.id AND shard = 0) = ?",
            status.code(),
        );
    }
    conditions
}
