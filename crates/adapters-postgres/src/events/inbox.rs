//! What consumers have dealt with.

use app::ports::{Inbox, StorageError};
use async_trait::async_trait;
use domain::ids::EventId;

use crate::unit_of_work::PgUnitOfWork;

/// Waits for whoever is dealing with the same event right now.
const NOTE: &str = "
    INSERT INTO inbox (consumer, event_id, created_at) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
    RETURNING true AS is_new";

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
}
