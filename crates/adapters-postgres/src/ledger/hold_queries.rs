//! Holds, for reading.

use std::sync::LazyLock;

use app::{
    paging::{Listing, Position, Window},
    ports::{HoldFilter, HoldQueries, StorageError},
};
use async_trait::async_trait;
use domain::{
    ids::{HoldId, OrganizationId},
    ledger::HoldFacts,
};

use super::hold_row::{COLUMNS, hold_from};
use crate::{
    database::Database,
    listing::{Bounds, collect, counted_max, total_of},
    query_text::Conditions,
};

static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM holds WHERE organization_id = $1 AND id = $2"));

/// Reads holds.
pub struct PgHoldQueries {
    database: Database,
}

impl PgHoldQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl HoldQueries for PgHoldQueries {
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: HoldId,
    ) -> Result<Option<HoldFacts>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .database
            .query_opt(&FIND, &[&params[0], &params[1]])
            .await?;
        row.as_ref().map(hold_from).transpose()
    }

    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &HoldFilter,
        window: Window,
    ) -> Result<Listing<HoldFacts>, StorageError> {
        let bounds = Bounds::of(window);
        let conditions = conditions(organization_id, filter);
        let total = if bounds.is_counted {
            let mut counted = conditions.clone();
            let limit = counted.param(counted_max());
            let sql = format!(
                "SELECT count(*) FROM (SELECT FROM holds WHERE {} LIMIT {limit}) AS counted",
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
            "SELECT {COLUMNS} FROM holds WHERE {} ORDER BY created_at DESC, id DESC OFFSET {offset} LIMIT {limit}",
            listed.text()
        );
        let rows = self.database.query(&sql, &listed.params()).await?;
        let position_of = |hold: &HoldFacts| Position {
            created_at: hold.created_at,
            id: hold.id.as_uuid(),
        };
        Ok(bounds.listing(collect(&rows, hold_from)?, position_of, total))
    }
}

fn conditions(organization_id: OrganizationId, filter: &HoldFilter) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.and("organization_id = ?", organization_id.as_uuid());
    if let Some(account_id) = filter.account_id {
        conditions.and("account_id = ?", account_id.as_uuid());
    }
    if let Some(state) = filter.state {
        conditions.and("status = ?", state.code());
    }
    conditions
}
