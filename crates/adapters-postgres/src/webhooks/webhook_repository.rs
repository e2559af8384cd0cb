//! The webhook endpoints of a transaction.

use std::sync::LazyLock;

use app::ports::{StorageError, WebhookRepository};
use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, WebhookId},
    webhooks::Webhook,
};

use super::webhook_row::{COLUMNS, columns, webhook_from};
use crate::unit_of_work::PgUnitOfWork;

static FIND_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM webhooks WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE"
    )
});

const INSERT: &str = "
    INSERT INTO webhooks (id, organization_id, url, event_types, description, metadata, disabled_reason, disabled_at,
                          secret_sealed, former_sealed, former_until, created_at, updated_at, deleted_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

const UPDATE: &str = "
    UPDATE webhooks
       SET url = $3, event_types = $4, description = $5, metadata = $6, disabled_reason = $7, disabled_at = $8,
           secret_sealed = $9, former_sealed = $10, former_until = $11, created_at = $12, updated_at = $13,
           deleted_at = $14, version = $15
     WHERE organization_id = $2 AND id = $1";

/// Whether anything waits in it is looked at by whoever claims it.
const WAKE_LANE: &str = "
    UPDATE webhook_lanes SET due_at = LEAST(due_at, $2), arrivals = arrivals + 1 WHERE webhook_id = $1";

/// The same of one that has not failed yet.
const BEGIN_LANE_ANEW: &str = "
    UPDATE webhook_lanes
       SET due_at = LEAST(due_at, $2), arrivals = arrivals + 1, failing_since = NULL
     WHERE webhook_id = $1";

/// Only the deliveries stay, until they are old enough to be forgotten.
const DROP_LANE: &str = "DELETE FROM webhook_lanes WHERE webhook_id = $1";

/// There is nobody to whom it could go on.
const END_REPLAYS: &str =
    "UPDATE webhook_replays SET finished_at = $2 WHERE webhook_id = $1 AND finished_at IS NULL";

#[async_trait]
impl WebhookRepository for PgUnitOfWork {
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: WebhookId,
    ) -> Result<Option<Webhook>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .query_opt(&FIND_FOR_UPDATE, &[&params[0], &params[1]])
            .await?;
        let facts = row.as_ref().map(webhook_from).transpose()?;
        Ok(facts.map(Webhook::restore))
    }

    async fn insert(&mut self, webhook: &Webhook) -> Result<(), StorageError> {
        self.defer(INSERT, columns(webhook.facts()));
        Ok(())
    }

    async fn update(&mut self, webhook: &Webhook) -> Result<(), StorageError> {
        let facts = webhook.facts();
        let lane = || Box::new(facts.id.as_uuid());
        self.defer(UPDATE, columns(facts));
        if let Some(deleted_at) = facts.deleted_at {
            self.defer(DROP_LANE, vec![lane()]);
            self.defer(END_REPLAYS, vec![lane(), Box::new(deleted_at)]);
        } else if facts.state.is_enabled() {
            let waking = if webhook.has_begun_anew() {
                BEGIN_LANE_ANEW
            } else {
                WAKE_LANE
            };
            self.defer(waking, vec![lane(), Box::new(facts.updated_at)]);
        }
        Ok(())
    }
}
