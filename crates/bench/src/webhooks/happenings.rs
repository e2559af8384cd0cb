//! Something that happens, at a pace.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio_postgres::Client as Database;
use uuid::Uuid;

use super::Audience;

/// As a writer of the service does it, in a transaction of its own.
const HAPPEN: &str = "
    INSERT INTO outbox (event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                        created_at, day)
    VALUES ($1, $2, 'customer', $1, 1, 'customer.created', '{\"name\": \"Ada Lovelace Ltd\"}', now(),
            (now() AT TIME ZONE 'UTC')::date)";

const POLL_EVERY: Duration = Duration::from_millis(20);

/// How things go on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course {
    /// How many events a second.
    pub(crate) per_second: u32,
    /// For how long.
    pub(crate) lasting: Duration,
    /// Whether what happens to the organization of a number arrives anywhere.
    pub(crate) is_waited_for: fn(usize) -> bool,
}

/// What has happened, and when.
#[derive(Clone, Default)]
pub(crate) struct Happenings(Arc<Mutex<HashMap<Uuid, Instant>>>);

impl Happenings {
    /// Has so many events a second happen to one organization after the other, for some time.
    pub(crate) async fn go_on(
        &self,
        database: &Database,
        audience: &Audience,
        Course {
            per_second,
            lasting,
            is_waited_for,
        }: Course,
    ) -> anyhow::Result<()> {
        let statement = database.prepare(HAPPEN).await?;
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / per_second);
        let end = Instant::now() + lasting;
        for (number, organization) in audience.organizations.iter().enumerate().cycle() {
            ticks.tick().await;
            if Instant::now() >= end {
                break;
            }
            let row = database.query_one("SELECT gen_random_uuid()", &[]).await?;
            let id: Uuid = row.get(0);
            if is_waited_for(number) {
                self.note(id);
            }
            database.execute(&statement, &[&id, organization]).await?;
        }
        Ok(())
    }

    /// How many events nobody has asked for, after waiting for those that are under way.
    pub(crate) async fn left(&self, patience: Duration) -> usize {
        let end = Instant::now() + patience;
        loop {
            let left = self.0.lock().unwrap_or_else(PoisonError::into_inner).len();
            if left == 0 || Instant::now() >= end {
                return left;
            }
            tokio::time::sleep(POLL_EVERY).await;
        }
    }

    /// When an event happened, which is told once.
    pub(crate) fn take(&self, id: Uuid) -> Option<Instant> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id)
    }

    fn note(&self, id: Uuid) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.insert(id, Instant::now());
    }
}
