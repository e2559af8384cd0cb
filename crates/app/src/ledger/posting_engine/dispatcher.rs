//! Who is posted when, and with whom.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::{
    ids::AccountId,
    ledger::{Folio, Shard, Standing},
};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    task::{Id, JoinError, JoinSet},
    time::{Instant, sleep_until},
};

use super::{
    EngineParts, EngineSettings,
    batch::{Batch, CarriedOut, Committed, Workshop},
    job::Job,
    queue::Queue,
    standings::Standings,
    systems::KnownSystems,
    trust::Trust,
};
use crate::ports::KeyScope;

/// Hands out what is waiting.
pub(super) struct Dispatcher {
    workshop: Arc<Workshop>,
    settings: EngineSettings,
    waiting: Queue,
    /// Those who asked under a key that is waiting or being posted.
    followers: HashMap<KeyScope, Vec<Job>>,
    lanes: JoinSet<CarriedOut>,
    in_flight: HashMap<Id, InFlight>,
    free_shards: Vec<Shard>,
    standings: Standings,
    trust: Trust,
}

/// What a lane has in hand.
struct InFlight {
    shard: Shard,
    accounts: Vec<AccountId>,
    keys: Vec<KeyScope>,
    is_trusting: bool,
    begun: Instant,
}

/// How long one batch keeps others from being begun where few large ones are wanted. One that takes longer waits for
/// somebody, who is no concern of the others.
pub(super) const ALONE_MAX: Duration = Duration::from_millis(50);

impl Dispatcher {
    pub(super) fn new(parts: EngineParts, settings: EngineSettings) -> Self {
        // Instances begin anywhere, so that they rarely write on each other's pages.
        let (anywhere, _) = parts.ids.new_id().as_u64_pair();
        let (_, random) = parts.ids.new_id().as_u64_pair();
        let first = (anywhere ^ random) >> 8;
        let lanes = u64::try_from(settings.lanes.max(1)).unwrap_or(1);
        Self {
            workshop: Arc::new(Workshop {
                parts,
                systems: KnownSystems::default(),
                patience: settings.patience,
            }),
            waiting: Queue::default(),
            followers: HashMap::new(),
            lanes: JoinSet::new(),
            in_flight: HashMap::new(),
            free_shards: (0..lanes)
                .map(|lane| Shard::any(first.wrapping_add(lane)))
                .collect(),
            standings: Standings::new(settings.standings_max),
            trust: Trust::full(),
            settings,
        }
    }

    /// Works until nobody can ask any more and everybody is answered.
    pub(super) async fn run(mut self, mut incoming: UnboundedReceiver<Job>) {
        let mut is_open = true;
        while is_open || !self.waiting.is_empty() || !self.in_flight.is_empty() {
            let mut committed = Committed::default();
            let (is_held_back, alone_until) = (self.is_held_back(), self.alone_until());
            tokio::select! {
                arrived = incoming.recv(), if is_open => match arrived {
                    Some(job) => {
                        self.accept(job);
                        while let Ok(job) = incoming.try_recv() {
                            self.accept(job);
                        }
                    }
                    None => is_open = false,
                },
                Some(ended) = self.lanes.join_next_with_id() => committed = self.take_back(ended),
                () = sleep_until(alone_until), if is_held_back => {}
            }
            while self.dispatch() {}
            // Whoever is answered asks again at once, and would be in the way of what waits to be written.
            committed.answer();
        }
    }

    fn accept(&mut self, job: Job) {
        let key = &job.asked.key.scope;
        if let Some(followers) = self.followers.get_mut(key) {
            followers.push(job);
        } else {
            self.followers.insert(key.clone(), Vec::new());
            self.waiting.push(job);
        }
    }

    /// Starts a batch if a lane is free and something can be posted.
    fn dispatch(&mut self) -> bool {
        if self.is_held_back() {
            return false;
        }
        let Some(shard) = self.free_shards.pop() else {
            return false;
        };
        let jobs = self.next_batch();
        if jobs.is_empty() {
            self.free_shards.push(shard);
            return false;
        }
        let is_trusting = self.trust.allows();
        let flight = InFlight {
            shard,
            accounts: jobs.iter().flat_map(Job::accounts).collect(),
            keys: jobs.iter().map(|job| job.asked.key.scope.clone()).collect(),
            is_trusting,
            begun: Instant::now(),
        };
        let waiting = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX);
        metrics::gauge!("ledger_transfers_waiting").set(f64::from(waiting));
        let batch = Batch {
            workshop: Arc::clone(&self.workshop),
            standings: self.remembered(&jobs, shard),
            jobs,
            shard,
            is_contested: !is_trusting,
        };
        let lane = self.lanes.spawn(batch.carry_out());
        self.in_flight.insert(lane.id(), flight);
        true
    }

    /// Whether a batch is not to be begun beside those in hand: where every batch has to read, few large ones are better
    /// than many.
    fn is_held_back(&self) -> bool {
        self.trust.is_lost()
            && !self.waiting.is_empty()
            && !self.in_flight.is_empty()
            && Instant::now() < self.alone_until()
    }

    /// Until when the batch that was begun last is to be alone.
    fn alone_until(&self) -> Instant {
        let begun = self.in_flight.values().map(|flight| flight.begun).max();
        begun.unwrap_or_else(Instant::now) + ALONE_MAX
    }

    /// What can be posted now, each with those who asked the same meanwhile.
    fn next_batch(&mut self) -> Vec<Job> {
        let mut jobs = self.waiting.take_batch(self.settings.batch_max);
        for job in &mut jobs {
            if let Some(followers) = self.followers.get_mut(&job.asked.key.scope) {
                job.followers.append(followers);
            }
        }
        jobs
    }

    /// How the pages stood that these jobs touch, as far as that is remembered.
    fn remembered(&mut self, jobs: &[Job], shard: Shard) -> Vec<Standing> {
        let wanted: Vec<_> = jobs.iter().flat_map(Job::systems).collect();
        let systems = self.workshop.systems.known(wanted.iter()).into_values();
        let pages = systems.map(|account_id| Folio { account_id, shard });
        let accounts = jobs.iter().flat_map(Job::accounts).map(Folio::whole);
        accounts
            .chain(pages)
            .filter_map(|folio| self.standings.take(folio))
            .collect()
    }

    /// Makes what a lane had in hand free for others. Tells who is to be answered.
    fn take_back(&mut self, ended: Result<(Id, CarriedOut), JoinError>) -> Committed {
        let (id, carried_out) = match ended {
            Ok(ended) => ended,
            Err(panicked) => {
                tracing::error!(cause = %panicked, "a batch of transfers broke off");
                (panicked.id(), CarriedOut::default())
            }
        };
        self.standings.put(carried_out.standings);
        let Some(flight) = self.in_flight.remove(&id) else {
            return carried_out.committed;
        };
        if carried_out.was_stale {
            self.trust.lose();
        } else if flight.is_trusting {
            self.trust.confirm();
        }
        self.free_shards.push(flight.shard);
        self.waiting.release(&flight.accounts);
        for key in &flight.keys {
            // Who asked while it was being posted asks again, and finds the answer.
            for follower in self.followers.remove(key).into_iter().flatten() {
                self.accept(follower);
            }
        }
        carried_out.committed
    }
}
