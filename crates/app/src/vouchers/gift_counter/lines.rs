//! Who waits for which code.

use std::{
    collections::{HashMap, HashSet, VecDeque, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{ids::OrganizationId, vouchers::VoucherCode};
use tokio::{
    sync::{Notify, oneshot},
    time::timeout_at,
};

use super::{Crowd, PendingGift, Replied, StorageError};
use crate::{idempotency::Reply, traces::Span};

/// Somebody who waits.
pub(super) struct Waiting {
    pub(super) gift: Arc<PendingGift>,
    /// Goes on until it is answered.
    pub(super) span: Span,
    pub(super) caller: oneshot::Sender<Replied>,
}

impl Waiting {
    /// What was remembered when this very request was tried before is its own answer, though nobody had heard of the commit.
    pub(super) fn own(&self, reply: Reply) -> Reply {
        match reply {
            Reply::Replayed(answer) if self.gift.was_going_to_say(&answer) => Reply::Fresh(answer),
            reply => reply,
        }
    }

    /// Whoever has stopped waiting does not hear it.
    pub(super) fn tell(self, replied: Replied) {
        let _gone = self.caller.send(replied);
    }
}

type Of = (OrganizationId, VoucherCode);

/// Those who wait for one code.
struct Standing {
    waiting: VecDeque<Waiting>,
    /// Tells the server that somebody came.
    arrived: Arc<Notify>,
}

/// A line for each code that is being redeemed: it is there for as long as somebody serves it.
#[derive(Default)]
pub(super) struct Lines(Mutex<HashMap<Of, Standing>>);

impl Lines {
    /// Joins the line of a code. Gives the line to whoever is the first in it, to be served.
    pub(super) fn join(
        self: &Arc<Self>,
        waiting: Waiting,
        most: usize,
    ) -> Result<Option<Line>, StorageError> {
        let command = &waiting.gift.keyed.command;
        let of = (command.caller.organization_id, command.code.clone());
        match self.lines().entry(of.clone()) {
            Entry::Occupied(line) if line.get().waiting.len() >= most => Err(
                StorageError::Unavailable("too many wait to redeem this code".into()),
            ),
            Entry::Occupied(mut line) => {
                let line = line.get_mut();
                line.waiting.push_back(waiting);
                line.arrived.notify_one();
                Ok(None)
            }
            Entry::Vacant(none) => {
                let arrived = Arc::default();
                none.insert(Standing {
                    waiting: VecDeque::from([waiting]),
                    arrived: Arc::clone(&arrived),
                });
                Ok(Some(Line {
                    arrived,
                    lines: Arc::clone(self),
                    of,
                    has_ended: false,
                }))
            }
        }
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<Of, Standing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A line that is served. When its server ends, whoever is left in it hears that nobody serves him any more.
pub(super) struct Line {
    lines: Arc<Lines>,
    arrived: Arc<Notify>,
    of: Of,
    has_ended: bool,
}

impl Line {
    /// How many wait.
    pub(super) fn len(&self) -> usize {
        let lines = self.lines.lines();
        lines.get(&self.of).map_or(0, |line| line.waiting.len())
    }

    /// Waits until those are here again who were just answered, or until that is of no use any more.
    pub(super) async fn gather(&self, crowd: &Crowd) {
        while let Some(until) = crowd.awaited_until(self.len())
            && timeout_at(until, self.arrived.notified()).await.is_ok()
        {}
    }

    /// Takes those who are next, in the order in which they came; of those with the same key only the first, and the others
    /// stand in line anew. However many of them there are, no more are looked at than could be served. When there is nobody, the
    /// line is gone.
    pub(super) fn next(&mut self, most: usize) -> Vec<Waiting> {
        let mut lines = self.lines.lines();
        let Some(line) = lines.get_mut(&self.of) else {
            return Vec::new();
        };
        let (mut group, mut keys, mut repeats) = (Vec::new(), HashSet::new(), Vec::new());
        while group.len() + repeats.len() < most
            && let Some(waiting) = line.waiting.pop_front()
        {
            if waiting.caller.is_closed() {
                continue;
            }
            if keys.insert(waiting.gift.keyed.key.scope.key.clone()) {
                group.push(waiting);
            } else {
                repeats.push(waiting);
            }
        }
        line.waiting.extend(repeats);
        if group.is_empty() {
            lines.remove(&self.of);
            self.has_ended = true;
        }
        group
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // One that has ended may be somebody else's by now.
        if !self.has_ended {
            self.lines.lines().remove(&self.of);
        }
    }
}
