//! What is done about accounts that somebody else keeps locked: whoever wants them waits in lanes of their own, so that the
//! lanes of all others stay free.

use std::time::Duration;

use domain::ids::AccountId;
use tokio::time::Instant;

use super::{Dispatcher, InFlight};

/// A batch that takes longer waits for somebody. Far more than one takes that does not.
const STUCK_AFTER: Duration = Duration::from_millis(250);

impl Dispatcher {
    /// Starts a batch in a lane besides: of those that were set aside, or of any while all lanes wait for somebody.
    pub(super) fn dispatch_aside(&mut self) -> bool {
        let Some(shard) = self.side_shards.pop() else {
            return false;
        };
        let aside = self.waiting.take_aside(self.settings.batch_max);
        let mut jobs = self.with_followers(aside);
        if jobs.is_empty()
            && self
                .stuck_since()
                .is_some_and(|since| since <= Instant::now())
        {
            jobs = self.next_batch();
        }
        if jobs.is_empty() {
            self.side_shards.push(shard);
            return false;
        }
        self.begin(jobs, shard, true);
        true
    }

    /// When all lanes will have been waiting for so long that others are let pass, if somebody waits for that.
    pub(super) fn stuck_at(&self) -> Option<Instant> {
        if self.side_shards.is_empty() || self.waiting.is_empty() {
            return None;
        }
        self.stuck_since().filter(|at| *at > Instant::now())
    }

    /// From when on all lanes count as stuck, if none is free.
    fn stuck_since(&self) -> Option<Instant> {
        if !self.free_shards.is_empty() {
            return None;
        }
        let regular = self.in_flight.values().filter(|flight| !flight.is_aside);
        let begun = regular.map(|flight| flight.begun).max();
        begun.map(|begun| begun + STUCK_AFTER)
    }

    /// Suspects the accounts that were found locked; those that a lane besides has found free are trusted again.
    pub(super) fn judge(&mut self, flight: &InFlight, busy: &[AccountId]) {
        let is_clients = |id: &&AccountId| flight.accounts.contains(id);
        let locked: Vec<_> = busy.iter().filter(is_clients).copied().collect();
        if flight.is_aside {
            let free = flight.accounts.iter().filter(|id| !busy.contains(id));
            let free: Vec<_> = free.copied().collect();
            self.waiting.trust(&free);
        }
        if !locked.is_empty() {
            tracing::warn!(
                accounts = locked.len(),
                "accounts are kept locked by somebody else"
            );
            self.waiting.suspect(locked);
        }
    }
}
