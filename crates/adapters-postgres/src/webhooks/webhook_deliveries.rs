//! The deliveries of a transaction.

use std::sync::LazyLock;

use app::{
    events::EventPosition,
    ports::{NewReplay, StorageError, WebhookDeliveries, WebhookMessage},
};
use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, WebhookDeliveryId, WebhookReplayId},
    webhooks::Delivery,
};
use jiff::Timestamp;

use super::{
    delivery_row::{COLUMNS, Changing, delivery_from},
    enqueue::{ENQUEUE, ENQUEUE_AGAIN, params},
};
use crate::unit_of_work::{OwnedParam, PgUnitOfWork};

static FIND_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM webhook_deliveries WHERE organization_id = $1 AND id = $2 FOR UPDATE"
    )
});

const UPDATE: &str = "
    WITH updated AS (
        UPDATE webhook_deliveries
           SET state = $2, attempts = $3, next_attempt_at = $4, attempted_at = $5, took_ms = $6, status = $7, failure = $8
         WHERE id = $1
        RETURNING webhook_id, next_attempt_at
    )
    UPDATE webhook_lanes AS l
       SET due_at = LEAST(l.due_at, updated.next_attempt_at), arrivals = l.arrivals + 1
      FROM updated WHERE l.webhook_id = updated.webhook_id";

const BEGIN_REPLAY: &str = "
    INSERT INTO webhook_replays (id, organization_id, webhook_id, since, position, created_at)
    VALUES ($1, $2, $3, $4, 0, $5)";

const ADVANCE_REPLAY: &str = "
    UPDATE webhook_replays
       SET position = COALESCE($3, position), finished_at = CASE WHEN $3::bigint IS NULL THEN $4::timestamptz END
     WHERE id = $1 AND position = $2 AND finished_at IS NULL
    RETURNING id";

#[async_trait]
impl WebhookDeliveries for PgUnitOfWork {
    async fn enqueue(
        &mut self,
        messages: &[WebhookMessage],
        now: Timestamp,
    ) -> Result<(), StorageError> {
        self.defer(&ENQUEUE, params(messages, now));
        Ok(())
    }

    async fn enqueue_again(
        &mut self,
        messages: &[WebhookMessage],
        now: Timestamp,
    ) -> Result<(), StorageError> {
        self.defer(&ENQUEUE_AGAIN, params(messages, now));
        Ok(())
    }

    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: WebhookDeliveryId,
    ) -> Result<Option<Delivery>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .query_opt(&FIND_FOR_UPDATE, &[&params[0], &params[1]])
            .await?;
        let facts = row.as_ref().map(delivery_from).transpose()?;
        Ok(facts.map(Delivery::restore))
    }

    async fn update(&mut self, delivery: &Delivery) -> Result<(), StorageError> {
        let facts = delivery.facts();
        let new = Changing::from(facts);
        let params: Vec<OwnedParam> = vec![
            Box::new(facts.id.as_uuid()),
            Box::new(new.state),
            Box::new(new.attempts),
            Box::new(new.next_attempt_at),
            Box::new(new.attempted_at),
            Box::new(new.took_ms),
            Box::new(new.status),
            Box::new(new.failure),
        ];
        self.defer(UPDATE, params);
        Ok(())
    }

    async fn begin_replay(
        &mut self,
        replay: NewReplay,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let params: Vec<OwnedParam> = vec![
            Box::new(replay.id.as_uuid()),
            Box::new(replay.organization_id.as_uuid()),
            Box::new(replay.webhook_id.as_uuid()),
            Box::new(replay.since),
            Box::new(now),
        ];
        self.defer(BEGIN_REPLAY, params);
        Ok(())
    }

    async fn advance_replay(
        &mut self,
        id: WebhookReplayId,
        from: EventPosition,
        to: Option<EventPosition>,
    ) -> Result<bool, StorageError> {
        let (id, from) = (id.as_uuid(), from.as_i64());
        let (to, now) = (to.map(EventPosition::as_i64), self.terms().now);
        let advanced = self
            .query_opt(ADVANCE_REPLAY, &[&id, &from, &to, &now])
            .await?;
        Ok(advanced.is_some())
    }
}
