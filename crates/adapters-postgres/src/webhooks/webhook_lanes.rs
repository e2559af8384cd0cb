//! Lanes: what is due, by endpoint.

use std::{collections::HashMap, sync::Arc};

use app::ports::{
    ClaimTerms, ClaimedLane, HeldLane, LaneTarget, Parcel, Settlement, StorageError, WebhookLanes,
};
use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, WebhookId},
    version::Version,
    webhooks::{Delivery, WebhookUrl},
};
use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    delivery_row::{Changing, delivery_from},
    lane_statements::{
        CLAIM, FORGET_DELIVERIES, FORGET_MESSAGES, FORGET_REPLAYS, GIVE_UP, MARK, PARCELS, PARK,
        RELEASE, TARGETS,
    },
    readable,
    webhook_row::secrets,
};
use crate::{columns::Columns, database::Database, error::unavailable};

const ENTITY: &str = "webhook lane";

/// How many at a time ask the database: however many lanes end at once, requests get their connections too.
const AT_ONCE: usize = 4;
const FORGET_BATCH: i64 = 1_000;

/// The lanes of a database.
pub struct PgWebhookLanes {
    database: Database,
    turns: Arc<Semaphore>,
}

/// Where a claimed lane leads, as it is now.
struct Led {
    organization_id: OrganizationId,
    target: LaneTarget,
    failing_since: Option<Timestamp>,
}

impl PgWebhookLanes {
    /// Those of a database.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    async fn claim_some(&self, terms: ClaimTerms) -> Result<Vec<HeldLane>, StorageError> {
        let rows = self
            .database
            .query(
                CLAIM,
                &[
                    &terms.holder,
                    &terms.until,
                    &terms.now,
                    &as_limit(terms.well),
                    &as_limit(terms.ailing),
                ],
            )
            .await?;
        let read = |row: &Row| {
            let columns = Columns::of(ENTITY, row);
            Ok(HeldLane {
                webhook_id: WebhookId::from_uuid(columns.get("webhook_id")?),
                holder: terms.holder,
                arrivals: columns.get("arrivals")?,
                failing_since: None,
            })
        };
        rows.iter().map(read).collect()
    }

    async fn targets(&self, lanes: &[Uuid]) -> Result<HashMap<Uuid, Led>, StorageError> {
        let rows = self.database.query(TARGETS, &[&lanes]).await?;
        let read = |row: &Row| {
            let columns = Columns::of("webhook", row);
            let target = LaneTarget {
                url: columns.parse("url", WebhookUrl::restore)?,
                secrets: secrets(columns)?,
                version: Version::new(columns.get("version")?),
            };
            let led = Led {
                organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
                target,
                failing_since: columns.get("failing_since")?,
            };
            Ok((columns.get("id")?, led))
        };
        Ok(rows.iter().filter_map(|row| readable(read(row))).collect())
    }

    async fn parcels(
        &self,
        lanes: &[Uuid],
        terms: ClaimTerms,
    ) -> Result<HashMap<Uuid, Vec<Parcel>>, StorageError> {
        let limit = as_limit(terms.parcels);
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 3] = [&lanes, &terms.now, &limit];
        let rows = self.database.query(&PARCELS, &params).await?;
        let read = |row: &Row| {
            let body = Columns::of(ENTITY, row).get("body")?;
            let delivery = Delivery::restore(delivery_from(row)?);
            Ok(Parcel { delivery, body })
        };
        let (mut parcels, mut unreadable) = (HashMap::<Uuid, Vec<Parcel>>::new(), Vec::new());
        for row in &rows {
            if let Some(parcel) = readable(read(row)) {
                let lane = parcel.delivery.facts().webhook_id.as_uuid();
                parcels.entry(lane).or_default().push(parcel);
            } else {
                unreadable.push(Columns::of(ENTITY, row).get::<Uuid>("id")?);
            }
        }
        if !unreadable.is_empty() {
            self.database.query(GIVE_UP, &[&unreadable]).await?;
        }
        Ok(parcels)
    }

    async fn park(&self, holder: Uuid, lanes: &[HeldLane]) -> Result<(), StorageError> {
        let ids: Vec<Uuid> = lanes.iter().map(|it| it.webhook_id.as_uuid()).collect();
        let arrivals: Vec<i64> = lanes.iter().map(|it| it.arrivals).collect();
        self.database
            .query(PARK, &[&holder, &ids, &arrivals])
            .await?;
        Ok(())
    }

    async fn mark(&self, settlement: &Settlement) -> Result<(), StorageError> {
        let settled = &settlement.deliveries;
        if settled.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = settled
            .iter()
            .map(|it| it.delivery.facts().id.as_uuid())
            .collect();
        let before: Vec<i32> = settled
            .iter()
            .map(|it| i32::try_from(it.attempts_before).unwrap_or(i32::MAX))
            .collect();
        let new: Vec<Changing> = settled
            .iter()
            .map(|it| Changing::from(it.delivery.facts()))
            .collect();
        let states: Vec<_> = new.iter().map(|it| it.state).collect();
        let attempts: Vec<_> = new.iter().map(|it| it.attempts).collect();
        let next: Vec<_> = new.iter().map(|it| it.next_attempt_at).collect();
        let attempted: Vec<_> = new.iter().map(|it| it.attempted_at).collect();
        let took: Vec<_> = new.iter().map(|it| it.took_ms).collect();
        let statuses: Vec<_> = new.iter().map(|it| it.status).collect();
        let failures: Vec<_> = new.iter().map(|it| it.failure).collect();
        self.database
            .query(
                MARK,
                &[
                    &ids, &before, &states, &attempts, &next, &attempted, &took, &statuses,
                    &failures,
                ],
            )
            .await?;
        Ok(())
    }
}

#[async_trait]
impl WebhookLanes for PgWebhookLanes {
    async fn claim(&self, terms: ClaimTerms) -> Result<Vec<ClaimedLane>, StorageError> {
        let _turn = self.turns.acquire().await.map_err(unavailable)?;
        let claimed = self.claim_some(terms).await?;
        if claimed.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = claimed.iter().map(|it| it.webhook_id.as_uuid()).collect();
        let mut targets = self.targets(&ids).await?;
        let mut parcels = self.parcels(&ids, terms).await?;
        let (mut lanes, mut parked) = (Vec::with_capacity(claimed.len()), Vec::new());
        for claimed in claimed {
            let id = claimed.webhook_id.as_uuid();
            if let Some(led) = targets.remove(&id) {
                lanes.push(ClaimedLane {
                    lane: HeldLane {
                        failing_since: led.failing_since,
                        ..claimed
                    },
                    organization_id: led.organization_id,
                    target: led.target,
                    parcels: parcels.remove(&id).unwrap_or_default(),
                });
            } else {
                parked.push(claimed);
            }
        }
        if !parked.is_empty() {
            self.park(terms.holder, &parked).await?;
        }
        Ok(lanes)
    }

    async fn settle(&self, settlement: &Settlement) -> Result<bool, StorageError> {
        let _turn = self.turns.acquire().await.map_err(unavailable)?;
        self.mark(settlement).await?;
        let lane = settlement.lane;
        let id = lane.webhook_id.as_uuid();
        let (failing_since, now) = (settlement.failing_since, settlement.now);
        let (before, url) = (lane.failing_since, settlement.url.as_str());
        let released = self
            .database
            .query_opt(
                RELEASE,
                &[
                    &id,
                    &lane.holder,
                    &lane.arrivals,
                    &failing_since,
                    &now,
                    &before,
                    &url,
                ],
            )
            .await?;
        // Somebody else has taken it over, and will see for themselves.
        released.map_or(Ok(false), |row| Columns::of(ENTITY, &row).get("has_more"))
    }

    async fn forget(&self, before: Timestamp) -> Result<bool, StorageError> {
        let mut may_be_more = false;
        for forgetting in [FORGET_DELIVERIES, FORGET_REPLAYS, FORGET_MESSAGES] {
            let forgotten = self
                .database
                .query(forgetting, &[&before, &FORGET_BATCH])
                .await?;
            may_be_more |= i64::try_from(forgotten.len()).is_ok_and(|it| it >= FORGET_BATCH);
        }
        Ok(may_be_more)
    }
}

fn as_limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
