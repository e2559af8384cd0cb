//! What consumers have dealt with.

use std::collections::HashSet;

use app::ports::{Inbox, StorageError};
use async_trait::async_trait;
use domain::ids::EventId;
use tokio_postgres::Row;

use crate::unit_of_work::PgUnitOfWork;

/// Waits for whoever is dealing with the same event right now.
const NOTE: &str = "
    INSERT INTO inbox (consumer, event_id, created_at) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
    RETURNING true AS is_new";

/// In the order of the events, so that two who deal with the same ones take turns instead of waiting for each other.
const NOTE_ALL: &str = "
    INSERT INTO inbox (consumer, event_id, created_at)
    SELECT $1, event_id, $3 FROM unnest($2::uuid[]) AS event_id ORDER BY event_id
    ON CONFLICT DO NOTHING
    RETURNING event_id";

#[async_trait]
impl Inbox for PgUnitOfWork {
    async fn is_new(
        &mut self,
        consumer: &'static str,
        event_id: EventId,
    ) -> Result<bool, StorageError> {
        let now = self.terms().now;
        let noted = self
            .query_opt(NOTE, &[&consumer, &event_id.as_uuid(), &now])
            .await?;
        Ok(noted.is_some())
    }

    async fn keep_new(
        &mut self,
        consumer: &'static str,
        event_ids: &[EventId],
    ) -> Result<HashSet<EventId>, StorageError> {
        let now = self.terms().now;
        let ids: Vec<_> = event_ids.iter().map(EventId::as_uuid).collect();
        let noted = self.query(NOTE_ALL, &[&consumer, &ids, &now]).await?;
        let id_of = |row: &Row| EventId::from_uuid(row.get(0));
        Ok(noted.iter().map(id_of).collect())
    }
}
