//! Making the projections of vouchers anew, while they are read and kept up.
//!
//! An event of a campaign, a voucher or a redemption carries all of it, so that the newest event of each is the whole log as far
//! as the projections are concerned. The rows of the aggregates are just that, also for what happened longer ago than the log is
//! kept. So another generation is filled from them, while the consumer puts all that happens into both; whichever comes
//! later leaves what is newer alone. When everything is there, queries read the new generation instead of the old one.

mod filling;
mod showing;

use std::sync::Arc;

use self::{
    filling::{BeginRebuild, BeginRebuildHandler, CopyStored, CopyStoredHandler},
    showing::{GiveUpRebuild, GiveUpRebuildHandler, ShowRebuilt, ShowRebuiltHandler},
};
use super::forget_projections::{ForgetProjections, ForgetProjectionsHandler};
use crate::{
    ports::{Begun, Clock, Generation, StorageError, StoredPlace},
    transaction::{CommandBus, CommandHandler},
};

/// How many aggregates are copied in one transaction: whoever keeps the projections up waits for it.
const COPIED_AT_ONCE: i64 = 2_000;

/// How many old rows are forgotten in one transaction.
const FORGOTTEN_AT_ONCE: i64 = 5_000;

/// How often a step is tried, each time as often as any command is. None waits for long: more than this is no race any more.
const ATTEMPTS_MAX: u32 = 20;

/// Why the projections were not rebuilt. What queries read is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// Somebody else has begun after this one, or it was silent for so long that it was taken for dead.
    #[error("another rebuild has begun meanwhile, or this one was silent for too long")]
    Overtaken,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Hears how far a rebuild is.
pub trait RebuildProgress: Send + Sync {
    /// There are about so many aggregates in all.
    fn begin(&self, count: u64);
    /// So many more are done.
    fn advance(&self, more: u64);
}

/// Rebuilds the projections of vouchers.
pub struct VoucherRebuild {
    bus: CommandBus,
    clock: Arc<dyn Clock>,
}

impl VoucherRebuild {
    /// A rebuild.
    pub const fn new(bus: CommandBus, clock: Arc<dyn Clock>) -> Self {
        Self { bus, clock }
    }

    /// Rebuilds, and tells how many aggregates were copied. Given up half way, nothing is different for anybody.
    pub async fn run(&self, progress: &dyn RebuildProgress) -> Result<u64, RebuildError> {
        let beginning = BeginRebuildHandler(self.clock.clone());
        let begun = self.execute(beginning, BeginRebuild).await?;
        let built = self.build(begun, progress).await;
        if built.is_err() {
            let generation = begun.generation;
            let given_up = self.execute(GiveUpRebuildHandler, GiveUpRebuild { generation });
            if let Err(why) = given_up.await {
                let why: &dyn std::error::Error = &why;
                tracing::warn!(
                    error = why,
                    "a rebuild could not be given up: it is forgotten later"
                );
            }
        }
        built
    }

    async fn build(
        &self,
        begun: Begun,
        progress: &dyn RebuildProgress,
    ) -> Result<u64, RebuildError> {
        progress.begin(begun.count);
        let copied = self.copy(begun.generation, progress).await?;
        let show = ShowRebuilt {
            generation: begun.generation,
        };
        self.execute(ShowRebuiltHandler, show).await?;
        self.forget().await?;
        Ok(copied)
    }

    /// Carries out a step, also when others are quicker time and again: whoever keeps the projections up is at the same row.
    async fn execute<H, C>(&self, handler: H, step: C) -> Result<H::Output, RebuildError>
    where
        H: CommandHandler<C>,
        H::Output: 'static,
        H::Error: 'static,
        C: Copy + Send + Sync + 'static,
        RebuildError: From<H::Error>,
    {
        let handler = Arc::new(handler);
        let mut attempts = 1;
        loop {
            let done = self.bus.execute(handler.clone(), step).await;
            match done.map_err(RebuildError::from) {
                Err(RebuildError::Storage(StorageError::Contended { .. }))
                    if attempts < ATTEMPTS_MAX =>
                {
                    attempts += 1;
                }
                done => return done,
            }
        }
    }

    async fn copy(
        &self,
        generation: Generation,
        progress: &dyn RebuildProgress,
    ) -> Result<u64, RebuildError> {
        let (mut after, mut copied) = (Some(StoredPlace::Start), 0);
        while let Some(place) = after {
            let command = CopyStored {
                generation,
                after: place,
                limit: COPIED_AT_ONCE,
            };
            let copying = CopyStoredHandler(self.clock.clone());
            let some = self.execute(copying, command).await?;
            progress.advance(some.count);
            copied += some.count;
            after = some.next;
        }
        Ok(copied)
    }

    /// Forgets what nobody reads any more, of this rebuild or of one that was given up.
    async fn forget(&self) -> Result<(), RebuildError> {
        let command = ForgetProjections {
            limit: FORGOTTEN_AT_ONCE,
        };
        let handler = || ForgetProjectionsHandler::new(self.clock.clone());
        while self.execute(handler(), command).await? {}
        Ok(())
    }
}

#[cfg(test)]
mod tests;
