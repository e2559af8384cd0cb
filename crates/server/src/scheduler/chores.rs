//! The chores.

use std::{sync::Arc, time::Duration};

use adapters_postgres::{PgSummaryFolding, PgTransferChain};
use app::{
    invoicing::{ForgetLooks, ForgetLooksHandler, SweepOverdue, SweepOverdueHandler},
    ledger::{ExpireHolds, ExpireHoldsHandler},
    platform::{ForgetExpiredAnswers, ForgetExpiredAnswersHandler},
    ports::HoldPlace,
    transaction::CommandBus,
    vouchers::{ForgetProjections, ForgetProjectionsHandler},
};
use async_trait::async_trait;
use jiff::SignedDuration;
use tokio::sync::Mutex;

use super::Chore;
use crate::{
    config::{ReviewSettings, SchedulerSettings},
    wiring::Core,
};

const EXPIRE_EVERY: Duration = Duration::from_secs(5);
/// Their accounts are locked as long as a batch takes.
const EXPIRE_BATCH: i64 = 200;
const FORGET_EVERY: Duration = Duration::from_mins(1);
const FORGET_BATCH: u32 = 1_000;
const FOLD_EVERY: Duration = Duration::from_secs(1);
const FOLD_BATCH: i64 = 10_000;
const CHAIN_EVERY: Duration = Duration::from_secs(1);
const CHAIN_BATCH: u16 = 10_000;

/// Marks what was not paid in time.
pub(super) struct SweepOverdueInvoices {
    bus: CommandBus,
    handler: Arc<SweepOverdueHandler>,
    settings: SchedulerSettings,
}

impl SweepOverdueInvoices {
    pub(super) fn new(core: &Core, settings: SchedulerSettings) -> Self {
        let handler = SweepOverdueHandler::new(core.clock.clone(), core.ids.clone());
        Self {
            bus: core.bus.clone(),
            handler: Arc::new(handler),
            settings,
        }
    }
}

#[async_trait]
impl Chore for SweepOverdueInvoices {
    fn name(&self) -> &'static str {
        "sweep_overdue"
    }

    fn interval(&self) -> Duration {
        self.settings.overdue_interval
    }

    async fn batch(&self) -> anyhow::Result<bool> {
        let command = SweepOverdue {
            batch: self.settings.overdue_batch,
        };
        let swept = self.bus.execute(self.handler.clone(), command).await?;
        if swept.marked > 0 {
            tracing::info!(count = swept.marked, "marked invoices as overdue");
        }
        Ok(swept.has_more)
    }
}

/// Lets go of what nobody has taken in time.
pub(super) struct ExpireLateHolds {
    bus: CommandBus,
    handler: Arc<ExpireHoldsHandler>,
    /// Where the batch before has ended. None at the beginning of a round.
    place: Mutex<Option<HoldPlace>>,
}

impl ExpireLateHolds {
    pub(super) fn new(core: &Core) -> Self {
        let handler = ExpireHoldsHandler::new(core.clock.clone(), core.ids.clone());
        Self {
            bus: core.bus.clone(),
            handler: Arc::new(handler),
            place: Mutex::default(),
        }
    }
}

#[async_trait]
impl Chore for ExpireLateHolds {
    fn name(&self) -> &'static str {
        "expire_holds"
    }

    fn interval(&self) -> Duration {
        EXPIRE_EVERY
    }

    async fn batch(&self) -> anyhow::Result<bool> {
        let command = ExpireHolds {
            batch: EXPIRE_BATCH,
            after: self.place.lock().await.take(),
        };
        let expired = self.bus.execute(self.handler.clone(), command).await?;
        if expired.count > 0 {
            tracing::info!(count = expired.count, "let go of holds whose time was over");
        }
        *self.place.lock().await = expired.next;
        Ok(expired.next.is_some())
    }
}

/// Forgets answers that nobody may ask for again.
pub(super) struct ForgetAnswers {
    bus: CommandBus,
    handler: Arc<ForgetExpiredAnswersHandler>,
}

impl ForgetAnswers {
    pub(super) fn new(core: &Core) -> Self {
        Self {
            bus: core.bus.clone(),
            handler: Arc::default(),
        }
    }
}

#[async_trait]
impl Chore for ForgetAnswers {
    fn name(&self) -> &'static str {
        "forget_expired_answers"
    }

    fn interval(&self) -> Duration {
        FORGET_EVERY
    }

    async fn batch(&self) -> anyhow::Result<bool> {
        let command = ForgetExpiredAnswers {
            batch: FORGET_BATCH,
        };
        let forgotten = self.bus.execute(self.handler.clone(), command).await?;
        Ok(forgotten.has_more)
    }
}

/// Forgets what invoices looked like that are too old to have duplicates.
pub(super) struct ForgetOldLooks {
    bus: CommandBus,
    handler: Arc<ForgetLooksHandler>,
    older_than: SignedDuration,
}

impl ForgetOldLooks {
    pub(super) fn new(core: &Core, settings: &ReviewSettings) -> Self {
        Self {
            bus: core.bus.clone(),
            handler: Arc::new(ForgetLooksHandler::new(core.clock.clone())),
            // Also of those that a validator gets to a day late.
            older_than: settings.duplicate_window * 2 + SignedDuration::from_hours(24),
        }
    }
}

#[async_trait]
impl Chore for ForgetOldLooks {
    fn name(&self) -> &'static str {
        "forget_looks"
    }

    fn interval(&self) -> Duration {
        FORGET_EVERY
    }

    async fn batch(&self) -> anyhow::Result<bool> {
        let command = ForgetLooks {
            older_than: self.older_than,
            batch: FORGET_BATCH,
        };
        let forgotten = self.bus.execute(self.handler.clone(), command).await?;
        Ok(forgotten.has_more)
    }
}

/// Forgets what was projected of vouchers and is read by nobody any more.
pub(super) struct ForgetOldProjections {
    bus: CommandBus,
    handler: Arc<ForgetProjectionsHandler>,
}

impl ForgetOldProjections {
    pub(super) fn new(core: &Core) -> Self {
        Self {
            bus: core.bus.clone(),
            handler: Arc::new(ForgetProjectionsHandler::new(core.clock.clone())),
        }
    }
}

#[async_trait]
impl Chore for ForgetOldProjections {
    fn name(&self) -> &'static str {
        "forget_projections"
    }

    fn interval(&self) -> Duration {
        FORGET_EVERY
    }

    async fn batch(&self) -> anyhow::Result<bool> {
        let command = ForgetProjections {
            limit: i64::from(FORGET_BATCH),
        };
        Ok(self.bus.execute(self.handler.clone(), command).await?)
    }
}

/// Folds what writers have appended into the sums of the summary.
pub(super) struct FoldSummaries {
    folding: PgSummaryFolding,
}

impl FoldSummaries {
    pub(super) fn new(core: &Core) -> Self {
        Self {
            folding: PgSummaryFolding::new(core.database.clone()),
        }
    }
}

#[async_trait]
impl Chore for FoldSummaries {
    fn name(&self) -> &'static str {
        "fold_summaries"
    }

    fn interval(&self) -> Duration {
        FOLD_EVERY
    }

    async fn batch(&self) -> anyhow::Result<bool> {
        Ok(self.folding.fold(FOLD_BATCH).await? == FOLD_BATCH)
    }
}

/// Appends what was posted to the chains of hashes, behind the commits.
pub(super) struct ChainTransfers {
    chain: PgTransferChain,
}

impl ChainTransfers {
    pub(super) fn new(core: &Core) -> Self {
        Self {
            chain: PgTransferChain::new(core.database.clone(), core.clock.clone()),
        }
    }
}

#[async_trait]
impl Chore for ChainTransfers {
    fn name(&self) -> &'static str {
        "chain_transfers"
    }

    fn interval(&self) -> Duration {
        CHAIN_EVERY
    }

    async fn batch(&self) -> anyhow::Result<bool> {
        Ok(self.chain.extend(CHAIN_BATCH).await? >= usize::from(CHAIN_BATCH))
    }
}
