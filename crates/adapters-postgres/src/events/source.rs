//! The broker `postgres`: groups of readers of the log, each with its place by shard.

mod membership;
mod shares;
mod subscription;

use std::time::Duration;

use app::{
    events::EventBell,
    ports::{BrokerError, ConsumerGroup, EventSource, StorageError, Subscription},
};
use async_trait::async_trait;

use self::{membership::Membership, subscription::PgSubscription};
use crate::database::Database;

/// How long a member that says nothing keeps its shards.
const LEASE: Duration = Duration::from_secs(6);

/// Reads the log on behalf of groups.
#[derive(Clone)]
pub struct PgEventSource {
    database: Database,
    bell: EventBell,
    lease: Duration,
}

impl PgEventSource {
    /// The log of a database. Whoever waits for events is woken by `bell`, and looks from time to time without it.
    pub const fn new(database: Database, bell: EventBell) -> Self {
        Self {
            database,
            bell,
            lease: LEASE,
        }
    }

    /// The same, with another patience for members that say nothing.
    #[must_use]
    pub const fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }
}

#[async_trait]
impl EventSource for PgEventSource {
    async fn subscribe(&self, group: ConsumerGroup) -> Result<Box<dyn Subscription>, BrokerError> {
        let membership = Membership::enter(self.database.clone(), group.name, self.lease);
        let membership = membership.await.map_err(unreachable)?;
        let bell = self.bell.clone();
        let subscription = PgSubscription::new(self.database.clone(), membership, group, bell);
        Ok(Box::new(subscription))
    }
}

fn unreachable(error: StorageError) -> BrokerError {
    BrokerError::Unavailable(Box::new(error))
}
