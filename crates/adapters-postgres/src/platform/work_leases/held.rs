//! What one session has locked, and for whom.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use app::ports::LeaseRequest;
use uuid::Uuid;

/// Locks of a session know neither tokens nor times: this does.
#[derive(Default)]
pub(super) struct Held {
    leases: HashMap<Uuid, Lease>,
}

#[derive(Clone, Copy)]
struct Lease {
    token: Uuid,
    lasts: Duration,
    until: Instant,
}

impl Held {
    /// Those that this session has not locked.
    pub(super) fn free_of(&self, work: &[Uuid]) -> Vec<Uuid> {
        let is_free = |id: &&Uuid| !self.leases.contains_key(id);
        let free: HashSet<Uuid> = work.iter().filter(is_free).copied().collect();
        free.into_iter().collect()
    }

    /// Whether this session has locked nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.leases.is_empty()
    }

    /// For how long the longest of them was taken.
    pub(super) fn longest(&self) -> Duration {
        let lasts = self.leases.values().map(|it| it.lasts);
        lasts.max().unwrap_or_default()
    }

    pub(super) fn add(&mut self, taken: &HashSet<Uuid>, request: LeaseRequest<'_>, now: Instant) {
        let lease = Lease {
            token: request.token,
            lasts: request.lasts,
            until: now + request.lasts,
        };
        let leases = taken.iter().map(|id| (*id, lease));
        self.leases.extend(leases);
    }

    pub(super) fn extend(&mut self, request: LeaseRequest<'_>, now: Instant) -> HashSet<Uuid> {
        let mut extended = HashSet::new();
        for id in request.work {
            if let Some(lease) = self
                .leases
                .get_mut(id)
                .filter(|it| it.token == request.token)
            {
                lease.until = now + request.lasts;
                extended.insert(*id);
            }
        }
        extended
    }

    pub(super) fn release(&mut self, work: &[Uuid], token: Uuid) -> Vec<Uuid> {
        let is_held = |id: &&Uuid| self.leases.get(*id).is_some_and(|it| it.token == token);
        let released: Vec<Uuid> = work.iter().filter(is_held).copied().collect();
        for id in &released {
            self.leases.remove(id);
        }
        released
    }

    pub(super) fn remove_late(&mut self, now: Instant) -> Vec<Uuid> {
        let late = self.leases.extract_if(|_, lease| lease.until <= now);
        late.map(|(id, _)| id).collect()
    }
}
