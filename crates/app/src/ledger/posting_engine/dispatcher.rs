//! Who is posted when, and with whom.

mod aside;

use std::{collections::HashMap, ops::Range, sync::Arc, time::Duration};

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
use crate::{crowd::Crowd, ports::KeyScope};

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
    /// Those of the lanes for what is set aside.
    side_shards: Vec<Shard>,
    standings: Standings,
    trust: Trust,
    crowd: Crowd,
}

/// How many lanes there are besides, for what waits for somebody else's locks.
pub const SIDE_LANES: usize = 2;

/// What a lane has in hand.
struct InFlight {
    shard: Shard,
    accounts: Vec<AccountId>,
    keys: Vec<KeyScope>,
    is_trusting: bool,
    /// Whether it is in a lane for what is set aside.
    is_aside: bool,
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
        let side_lanes = u64::try_from(SIDE_LANES).unwrap_or_default();
        let shards = |lanes: Range<u64>| -> Vec<Shard> {
            let shard = |lane| Shard::any(first.wrapping_add(lane));
            lanes.map(shard).collect()
        };
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
            free_shards: shards(0..lanes),
            side_shards: shards(lanes..lanes + side_lanes),
            standings: Standings::new(settings.standings_max),
            trust: Trust::full(),
            crowd: Crowd::none(),
            settings,
        }
    }

    /// Works until nobody can ask any more and everybody is answered.
    pub(super) async fn run(mut self, mut incoming: UnboundedReceiver<Job>) {
        let mut is_open = true;
        while is_open || !self.waiting.is_empty() || !self.in_flight.is_empty() {
            let held_back_until = self.held_back_until().or_else(|| self.stuck_at());
            let mut committed = None;
            tokio::select! {
                arrived = incoming.recv(), if is_open => match arrived {
                    Some(job) => self.accept(job),
                    None => is_open = false,
                },
                Some(ended) = self.lanes.join_next_with_id() => committed = Some(self.take_back(ended)),
                () = sleep_until(held_back_until.unwrap_or_else(Instant::now)), if held_back_until.is_some() => {}
            }
            // Whoever is answered asks again at once. While the storage is busy with another batch, that makes the next one
            // larger; when it is not, what waits to be written goes first.
            if self.is_storage_busy()
                && let Some(committed) = committed.take()
            {
                committed.answer();
            }
            while let Ok(job) = incoming.try_recv() {
                self.accept(job);
            }
            while self.dispatch() || self.dispatch_aside() {}
            if let Some(committed) = committed {
                committed.answer();
            }
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
        if self.held_back_until().is_some() {
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
        self.begin(jobs, shard, false);
        true
    }

    fn begin(&mut self, jobs: Vec<Job>, shard: Shard, is_aside: bool) {
        let is_trusting = !is_aside && self.trust.allows();
        let flight = InFlight {
            shard,
            accounts: jobs.iter().flat_map(Job::accounts).collect(),
            keys: jobs.iter().map(|job| job.asked.key.scope.clone()).collect(),
            is_trusting,
            is_aside,
            begun: Instant::now(),
        };
        let batch = Batch {
            workshop: Arc::clone(&self.workshop),
            standings: self.remembered(&jobs, shard),
            jobs,
            shard,
            is_contested: !is_trusting,
        };
        let lane = self.lanes.spawn(batch.carry_out());
        self.in_flight.insert(lane.id(), flight);
    }

    /// Whether a batch is being written, by this engine or by another one.
    fn is_storage_busy(&self) -> bool {
        self.trust.is_lost() || !self.in_flight.is_empty()
    }

    /// Until when no batch is begun, although a lane is free and somebody waits. Where others post to the same accounts,
    /// so that every batch has to read, few large batches cost less than many: they are written one at a time, and wait
    /// until those of the last one have asked again.
    fn held_back_until(&self) -> Option<Instant> {
        if !self.trust.is_lost() || self.waiting.is_empty() {
            return None;
        }
        let begun = self.in_flight.values().map(|flight| flight.begun).max();
        let alone_until = begun.map(|begun| begun + ALONE_MAX);
        let until = alone_until.or_else(|| self.crowd.awaited_until(self.waiting.len()));
        until.filter(|until| Instant::now() < *until)
    }

    /// What can be posted now, each with those who asked the same meanwhile.
    fn next_batch(&mut self) -> Vec<Job> {
        let jobs = self.waiting.take_batch(self.settings.batch_max);
        self.with_followers(jobs)
    }

    fn with_followers(&mut self, mut jobs: Vec<Job>) -> Vec<Job> {
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
        if flight.is_aside {
            self.side_shards.push(flight.shard);
        } else {
            if carried_out.was_stale {
                self.trust.lose();
            } else if flight.is_trusting {
                self.trust.confirm();
            }
            let known = flight.keys.len() + self.waiting.len();
            self.crowd = Crowd::after(known, flight.begun.elapsed());
            self.free_shards.push(flight.shard);
        }
        self.waiting.release(&flight.accounts);
        self.judge(&flight, &carried_out.busy);
        for key in &flight.keys {
            // Who asked while it was being posted asks again, and finds the answer.
            for follower in self.followers.remove(key).into_iter().flatten() {
                self.accept(follower);
            }
        }
        carried_out.committed
    }
}
