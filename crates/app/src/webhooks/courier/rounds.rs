//! The rounds of a courier: as many lanes at a time as there is room for.

use std::{future::Future, pin::pin, sync::Arc};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::sleep,
};

use super::{Courier, CourierLimits, tally::show_busy};
use crate::ports::ClaimedLane;

/// A lane that was worked off.
struct Ended {
    was_ailing: bool,
    has_more: bool,
}

/// Whether more lanes of a kind may wait than there was room for.
#[derive(Debug, Clone, Copy)]
struct Short {
    of_well: bool,
    of_ailing: bool,
}

/// The lanes that are being worked off, each in a seat.
struct Busy {
    lanes: JoinSet<Ended>,
    well: Arc<Semaphore>,
    ailing: Arc<Semaphore>,
}

impl Courier {
    /// Goes on until it is told to end, and then finishes what it has begun.
    pub async fn run(self: Arc<Self>, end: impl Future<Output = ()>) {
        let mut end = pin!(end);
        let mut busy = Busy::new(self.limits);
        loop {
            let short = self.take(&mut busy).await;
            busy.show(self.limits);
            tokio::select! {
                biased;
                () = &mut end => break,
                () = busy.wait_for_reason(short) => {}
                () = self.parts.news.notified() => {}
                () = sleep(self.limits.poll_every) => {}
            }
        }
        while busy.lanes.join_next().await.is_some() {}
    }

    /// Claims as many lanes as there are seats for, and begins to work them off.
    async fn take(self: &Arc<Self>, busy: &mut Busy) -> Short {
        let (well, ailing) = (
            busy.well.available_permits(),
            busy.ailing.available_permits(),
        );
        let lanes = if well + ailing == 0 {
            Vec::new()
        } else {
            let claimed = self.claim(well, ailing).await;
            claimed.unwrap_or_else(|why| {
                let why: &dyn std::error::Error = &why;
                tracing::warn!(error = why, "no webhooks can be claimed at the moment");
                Vec::new()
            })
        };
        for lane in lanes {
            busy.begin(Arc::clone(self), lane);
        }
        Short {
            of_well: busy.well.available_permits() == 0,
            of_ailing: busy.ailing.available_permits() == 0,
        }
    }
}

impl Busy {
    fn new(limits: CourierLimits) -> Self {
        Self {
            lanes: JoinSet::new(),
            well: Arc::new(Semaphore::new(limits.well_max)),
            ailing: Arc::new(Semaphore::new(limits.ailing_max)),
        }
    }

    fn begin(&mut self, courier: Arc<Courier>, lane: ClaimedLane) {
        let was_ailing = lane.lane.failing_since.is_some();
        let seats = if was_ailing { &self.ailing } else { &self.well };
        // No more are claimed than there are seats. One without would still have to be worked off: it is claimed.
        let seat: Option<OwnedSemaphorePermit> = Arc::clone(seats).try_acquire_owned().ok();
        self.lanes.spawn(async move {
            let webhook = lane.lane.webhook_id;
            let worked = courier.work(lane).await;
            drop(seat);
            let has_more = worked.unwrap_or_else(|why| {
                let why: &dyn std::error::Error = &why;
                tracing::warn!(%webhook, error = why, "what was sent to a webhook could not be noted");
                false
            });
            Ended {
                was_ailing,
                has_more,
            }
        });
    }

    /// Waits for a lane to end that gives a reason to look for more: it has more itself, or others may wait for its seat.
    async fn wait_for_reason(&mut self, short: Short) {
        while let Some(ended) = self.lanes.join_next().await {
            let is_reason = match ended {
                Ok(ended) if ended.was_ailing => ended.has_more || short.of_ailing,
                Ok(ended) => ended.has_more || short.of_well,
                // It panicked, and has left its seat.
                Err(_) => true,
            };
            if is_reason {
                return;
            }
        }
        std::future::pending::<()>().await;
    }

    fn show(&self, limits: CourierLimits) {
        show_busy(
            limits.well_max - self.well.available_permits(),
            limits.ailing_max - self.ailing.available_permits(),
        );
    }
}

#[cfg(any(test, feature = "test-support"))]
impl Courier {
    /// Works off everything that is due, and tells in how many lanes it was.
    pub async fn work_off(&self) -> Result<usize, crate::ports::StorageError> {
        let mut count = 0;
        loop {
            let (well, ailing) = (self.limits.well_max, self.limits.ailing_max);
            let lanes = self.claim(well, ailing).await?;
            if lanes.is_empty() {
                return Ok(count);
            }
            count += lanes.len();
            let working = lanes.into_iter().map(|lane| self.work(lane));
            for worked in futures_util::future::join_all(working).await {
                worked?;
            }
        }
    }
}
