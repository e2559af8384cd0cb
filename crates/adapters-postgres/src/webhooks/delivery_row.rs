//! How a row of `webhook_deliveries` becomes facts, and back.

use app::ports::StorageError;
use domain::{
    ids::{EventId, OrganizationId, WebhookDeliveryId, WebhookId},
    webhooks::{Attempt, AttemptOutcome, DeliveryFacts, DeliveryState, SendFailure},
};
use jiff::Timestamp;
use tokio_postgres::Row;

use crate::{columns::Columns, error::corrupt};

const ENTITY: &str = "webhook delivery";

/// Named one by one, so that a prepared statement outlives a migration that adds one.
pub(super) const COLUMNS: &str = "id, organization_id, webhook_id, event_id, event_type, state, attempts, \
    next_attempt_at, attempted_at, took_ms, status, failure, created_at";

pub(super) fn delivery_from(row: &Row) -> Result<DeliveryFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let attempts: i32 = columns.get("attempts")?;
    Ok(DeliveryFacts {
        id: WebhookDeliveryId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        webhook_id: WebhookId::from_uuid(columns.get("webhook_id")?),
        event_id: EventId::from_uuid(columns.get("event_id")?),
        event_type: columns.get("event_type")?,
        state: state(columns)?,
        attempts: u32::try_from(attempts).map_err(|why| corrupt(ENTITY, why))?,
        last_attempt: last_attempt(columns)?,
        created_at: columns.get("created_at")?,
    })
}

fn state(columns: Columns<'_>) -> Result<DeliveryState, StorageError> {
    let state: &str = columns.get("state")?;
    match state {
        "pending" => Ok(DeliveryState::Pending {
            next_attempt_at: columns.get("next_attempt_at")?,
        }),
        "delivered" => Ok(DeliveryState::Delivered),
        "failed" => Ok(DeliveryState::Failed),
        other => Err(corrupt(ENTITY, format!("{other} is no state"))),
    }
}

fn last_attempt(columns: Columns<'_>) -> Result<Option<Attempt>, StorageError> {
    let at: Option<Timestamp> = columns.get("attempted_at")?;
    let Some(at) = at else {
        return Ok(None);
    };
    let took_ms: i32 = columns.get("took_ms")?;
    Ok(Some(Attempt {
        at,
        took_ms: u32::try_from(took_ms).map_err(|why| corrupt(ENTITY, why))?,
        outcome: outcome(columns)?,
    }))
}

fn outcome(columns: Columns<'_>) -> Result<AttemptOutcome, StorageError> {
    let status: Option<i16> = columns.get("status")?;
    if let Some(status) = status {
        let status = u16::try_from(status).map_err(|why| corrupt(ENTITY, why))?;
        return Ok(AttemptOutcome::Answered(status));
    }
    let failure: &str = columns.get("failure")?;
    let known = SendFailure::parse(failure);
    let known = known.ok_or_else(|| corrupt(ENTITY, format!("{failure} is no failure")))?;
    Ok(AttemptOutcome::Failed(known))
}

/// What of a delivery changes with an attempt.
pub(super) struct Changing {
    pub(super) state: &'static str,
    pub(super) attempts: i32,
    pub(super) next_attempt_at: Option<Timestamp>,
    pub(super) attempted_at: Option<Timestamp>,
    pub(super) took_ms: Option<i32>,
    pub(super) status: Option<i16>,
    pub(super) failure: Option<&'static str>,
}

impl From<&DeliveryFacts> for Changing {
    fn from(facts: &DeliveryFacts) -> Self {
        let last = facts.last_attempt;
        let (status, failure) = match last.map(|it| it.outcome) {
            Some(AttemptOutcome::Answered(status)) => (i16::try_from(status).ok(), None),
            Some(AttemptOutcome::Failed(failure)) => (None, Some(failure.code())),
            None => (None, None),
        };
        Self {
            state: facts.state.code(),
            attempts: i32::try_from(facts.attempts).unwrap_or(i32::MAX),
            next_attempt_at: facts.state.next_attempt_at(),
            attempted_at: last.map(|it| it.at),
            took_ms: last.map(|it| i32::try_from(it.took_ms).unwrap_or(i32::MAX)),
            status,
            failure,
        }
    }
}
