//! Looking after the days of the log of events, and the memory of consumers.

use std::{sync::Arc, time::Duration};

use adapters_postgres::{PgEventPartitions, PgInboxRetention};
use app::ports::Clock;
use async_trait::async_trait;
use jiff::SignedDuration;

use super::Chore;
use crate::{config::EventSettings, wiring::Core};

const EVERY: Duration = Duration::from_mins(1);
const FORGET_BATCH: i64 = 5_000;
/// For how much longer than the events themselves it is known who has dealt with them.
const INBOX_LONGER: SignedDuration = SignedDuration::from_hours(48);

/// Makes the days to come, and drops those that are over and read.
pub(super) struct TurnEventDays {
    partitions: PgEventPartitions,
    clock: Arc<dyn Clock>,
    settings: EventSettings,
}

impl TurnEventDays {
    pub(super) fn new(core: &Core, settings: EventSettings) -> Self {
        Self {
            partitions: PgEventPartitions::new(core.database.clone()),
            clock: core.clock.clone(),
            settings,
        }
    }
}

#[async_trait]
impl Chore for TurnEventDays {
    fn name(&self) -> &'static str {
        "turn_event_days"
    }

    fn interval(&self) -> Duration {
        EVERY
    }

    async fn batch(&self) -> anyhow::Result<bool> {
        let now = self.clock.now();
        self.partitions.make_ahead(now).await?;
        let kept_since = now.checked_sub(self.settings.retention)?;
        let forgotten = self.partitions.forget(kept_since).await?;
        for day in &forgotten.days {
            tracing::info!(%day, "forgot the events of a day");
        }
        if let Some(day) = forgotten.kept.first() {
            tracing::warn!(%day, "events that are over are kept, since somebody has not read them: see `tallystick outbox readers list`");
        }
        Ok(false)
    }
}

/// Forgets which events consumers have dealt with, when none of those can come again.
pub(super) struct ForgetInbox {
    inbox: PgInboxRetention,
    clock: Arc<dyn Clock>,
    settings: EventSettings,
}

impl ForgetInbox {
    pub(super) fn new(core: &Core, settings: EventSettings) -> Self {
        Self {
            inbox: PgInboxRetention::new(core.database.clone()),
            clock: core.clock.clone(),
            settings,
        }
    }
}

#[async_trait]
impl Chore for ForgetInbox {
    fn name(&self) -> &'static str {
        "forget_inbox"
    }

    fn interval(&self) -> Duration {
        EVERY
    }

    async fn batch(&self) -> anyhow::Result<bool> {
        let kept_since = self
            .clock
            .now()
            .checked_sub(self.settings.retention)?
            .checked_sub(INBOX_LONGER)?;
        Ok(self.inbox.forget(kept_since, FORGET_BATCH).await? == FORGET_BATCH)
    }
}
