//! Webhook endpoints and what was sent to them, for reading.

use std::sync::LazyLock;

use app::{
    events::EventPosition,
    paging::{Listing, Position, Window},
    ports::{StorageError, Subscriber, WebhookQueries, WebhookReplay},
};
use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, WebhookId, WebhookReplayId},
    webhooks::{DeliveryFacts, WebhookFacts},
};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    delivery_row::{self, delivery_from},
    readable,
    webhook_row::{self, subscriber_from, webhook_from},
};
use crate::{
    columns::Columns,
    database::Database,
    listing::{Bounds, collect, counted_max, total_of},
};

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM webhooks WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL",
        webhook_row::COLUMNS
    )
});

/// Which rows of a table are listed, and what they are read as.
struct Source<T> {
    columns: &'static str,
    table: &'static str,
    condition: &'static str,
    read: fn(&Row) -> Result<T, StorageError>,
    position_of: fn(&T) -> Position,
}

const WEBHOOKS: Source<WebhookFacts> = Source {
    columns: webhook_row::COLUMNS,
    table: "webhooks",
    condition: "organization_id = $1 AND deleted_at IS NULL",
    read: webhook_from,
    position_of: |facts| Position {
        created_at: facts.created_at,
        id: facts.id.as_uuid(),
    },
};

const DELIVERIES: Source<DeliveryFacts> = Source {
    columns: delivery_row::COLUMNS,
    table: "webhook_deliveries",
    condition: "webhook_id = $1",
    read: delivery_from,
    position_of: |facts| Position {
        created_at: facts.created_at,
        id: facts.id.as_uuid(),
    },
};

const SUBSCRIBERS: &str = "
    SELECT organization_id, id AS webhook_id, event_types FROM webhooks
     WHERE organization_id = ANY ($1) AND disabled_at IS NULL AND deleted_at IS NULL
     ORDER BY id";

const UNFINISHED_REPLAY: &str = "
    SELECT r.id, r.organization_id, r.webhook_id, w.event_types, r.since, r.created_at, r.position
      FROM webhook_replays AS r JOIN webhooks AS w ON w.id = r.webhook_id
     WHERE r.finished_at IS NULL AND w.deleted_at IS NULL
     ORDER BY r.created_at, r.id OFFSET $1 LIMIT 1";

/// Reads webhook endpoints.
pub struct PgWebhookQueries {
    database: Database,
}

impl PgWebhookQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    async fn list_rows<T>(
        &self,
        source: &Source<T>,
        owner: Uuid,
        window: Window,
    ) -> Result<Listing<T>, StorageError> {
        let bounds = Bounds::of(window);
        let Source {
            columns,
            table,
            condition,
            ..
        } = source;
        let (created_at, id) = (bounds.before_created_at(), bounds.before_id());
        let behind = if bounds.before.is_some() {
            "(created_at, id) < ($2, $3)"
        } else {
            "$2::timestamptz IS NULL AND $3::uuid IS NULL"
        };
        let sql = format!(
            "SELECT {columns} FROM {table} WHERE {condition} AND {behind}
              ORDER BY created_at DESC, id DESC OFFSET $4 LIMIT $5"
        );
        let fetched = bounds.fetched();
        let rows = self
            .database
            .query(&sql, &[&owner, &created_at, &id, &bounds.offset, &fetched])
            .await?;
        let total = if bounds.is_counted {
            let sql = format!(
                "SELECT count(*) FROM (SELECT FROM {table} WHERE {condition} LIMIT $2) AS counted"
            );
            let row = self
                .database
                .query_opt(&sql, &[&owner, &counted_max()])
                .await?;
            row.map(|row| total_of(row.get(0)))
        } else {
            None
        };
        let listed = collect(&rows, source.read)?;
        Ok(bounds.listing(listed, source.position_of, total))
    }
}

#[async_trait]
impl WebhookQueries for PgWebhookQueries {
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: WebhookId,
    ) -> Result<Option<WebhookFacts>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .database
            .query_opt(&FIND, &[&params[0], &params[1]])
            .await?;
        row.as_ref().map(webhook_from).transpose()
    }

    async fn list(
        &self,
        organization_id: OrganizationId,
        window: Window,
    ) -> Result<Listing<WebhookFacts>, StorageError> {
        self.list_rows(&WEBHOOKS, organization_id.as_uuid(), window)
            .await
    }

    async fn list_deliveries(
        &self,
        webhook_id: WebhookId,
        window: Window,
    ) -> Result<Listing<DeliveryFacts>, StorageError> {
        self.list_rows(&DELIVERIES, webhook_id.as_uuid(), window)
            .await
    }

    async fn list_subscribers(
        &self,
        organizations: &[OrganizationId],
    ) -> Result<Vec<Subscriber>, StorageError> {
        let ids: Vec<Uuid> = organizations.iter().map(OrganizationId::as_uuid).collect();
        let rows = self.database.query(SUBSCRIBERS, &[&ids]).await?;
        let subscribers = rows.iter().map(subscriber_from);
        Ok(subscribers.filter_map(readable).collect())
    }

    async fn find_unfinished_replay(&self) -> Result<Option<WebhookReplay>, StorageError> {
        let mut unreadable: i64 = 0;
        loop {
            let row = self
                .database
                .query_opt(UNFINISHED_REPLAY, &[&unreadable])
                .await?;
            let Some(row) = row else {
                return Ok(None);
            };
            if let Some(replay) = readable(replay_from(&row)) {
                return Ok(Some(replay));
            }
            unreadable += 1;
        }
    }
}

fn replay_from(row: &Row) -> Result<WebhookReplay, StorageError> {
    let columns = Columns::of("webhook replay", row);
    Ok(WebhookReplay {
        id: WebhookReplayId::from_uuid(columns.get("id")?),
        to: subscriber_from(row)?,
        since: columns.get("since")?,
        until: columns.get("created_at")?,
        position: EventPosition::new(columns.get("position")?),
    })
}
