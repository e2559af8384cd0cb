//! Who is posted when, and with whom.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use domain::{
    ids::AccountId,
    ledger::{Folio, Shard, Standing},
};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    task::{Id, JoinError, JoinSet},
};

use super::{
    EngineParts, EngineSettings,
    batch::{Batch, CarriedOut, Workshop},
    job::Job,
    standings::Standings,
    systems::KnownSystems,
};
use crate::ports::KeyScope;

/// How many waiting jobs may be passed over, because their accounts are in use, to fill a batch.
const PASSED_OVER_MAX: usize = 2_000;

/// For how many batches nothing is remembered after what was remembered had been out of date.
const DISTRUST: u32 = 8;

/// Hands out what is waiting.
pub(super) struct Dispatcher {
    workshop: Arc<Workshop>,
    settings: EngineSettings,
    waiting: VecDeque<Job>,
    /// Those who asked under a key that is waiting or being posted.
    followers: HashMap<KeyScope, Vec<Job>>,
    in_use: HashSet<AccountId>,
    lanes: JoinSet<CarriedOut>,
    in_flight: HashMap<Id, InFlight>,
    free_shards: Vec<Shard>,
    standings: Standings,
    distrust: u32,
}

/// What a lane has in hand.
struct InFlight {
    shard: Shard,
    accounts: Vec<AccountId>,
    keys: Vec<KeyScope>,
}

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
            waiting: VecDeque::new(),
            followers: HashMap::new(),
            in_use: HashSet::new(),
            lanes: JoinSet::new(),
            in_flight: HashMap::new(),
            free_shards: (0..lanes)
                .map(|lane| Shard::any(first.wrapping_add(lane)))
                .collect(),
            standings: Standings::new(settings.standings_max),
            distrust: 0,
            settings,
        }
    }

    /// Works until nobody can ask any more and everybody is answered.
    pub(super) async fn run(mut self, mut incoming: UnboundedReceiver<Job>) {
        let mut is_open = true;
        while is_open || !self.waiting.is_empty() || !self.in_flight.is_empty() {
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
                Some(ended) = self.lanes.join_next_with_id() => self.take_back(ended),
            }
            while self.dispatch() {}
        }
    }

    fn accept(&mut self, job: Job) {
        let key = &job.asked.key.scope;
        if let Some(followers) = self.followers.get_mut(key) {
            followers.push(job);
        } else {
            self.followers.insert(key.clone(), Vec::new());
            self.waiting.push_back(job);
        }
    }

    /// Starts a batch if a lane is free and something can be posted.
    fn dispatch(&mut self) -> bool {
        let Some(shard) = self.free_shards.pop() else {
            return false;
        };
        let jobs = self.next_batch();
        if jobs.is_empty() {
            self.free_shards.push(shard);
            return false;
        }
        let flight = InFlight {
            shard,
            accounts: jobs.iter().flat_map(Job::accounts).collect(),
            keys: jobs.iter().map(|job| job.asked.key.scope.clone()).collect(),
        };
        self.in_use.extend(&flight.accounts);
        let waiting = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX);
        metrics::gauge!("ledger_transfers_waiting").set(f64::from(waiting));
        let is_contested = self.distrust > 0;
        self.distrust = self.distrust.saturating_sub(1);
        let batch = Batch {
            workshop: Arc::clone(&self.workshop),
            standings: self.remembered(&jobs, shard),
            jobs,
            shard,
            is_contested,
        };
        let lane = self.lanes.spawn(batch.carry_out());
        self.in_flight.insert(lane.id(), flight);
        true
    }

    /// What can be posted now: in the order of arrival, but for jobs whose accounts are in use, or wanted by a job before
    /// them that has to wait.
    fn next_batch(&mut self) -> Vec<Job> {
        let mut taken = Vec::new();
        let mut passed_over = VecDeque::new();
        let mut wanted = HashSet::new();
        let mut count = 0;
        while let Some(mut job) = self.waiting.pop_front() {
            let after = count + job.requests().len();
            let has_room = taken.is_empty() || after <= self.settings.batch_max;
            let is_taken = |id: &AccountId| self.in_use.contains(id) || wanted.contains(id);
            if has_room && !job.accounts().any(|id| is_taken(&id)) {
                count = after;
                if let Some(followers) = self.followers.get_mut(&job.asked.key.scope) {
                    job.followers.append(followers);
                }
                taken.push(job);
            } else {
                wanted.extend(job.accounts());
                passed_over.push_back(job);
                if !has_room || passed_over.len() >= PASSED_OVER_MAX {
                    break;
                }
            }
        }
        passed_over.append(&mut self.waiting);
        self.waiting = passed_over;
        taken
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

    fn take_back(&mut self, ended: Result<(Id, CarriedOut), JoinError>) {
        let (id, carried_out) = match ended {
            Ok(ended) => ended,
            Err(panicked) => {
                tracing::error!(cause = %panicked, "a batch of transfers broke off");
                (panicked.id(), CarriedOut::default())
            }
        };
        self.standings.put(carried_out.standings);
        if carried_out.was_stale {
            self.distrust = DISTRUST;
        }
        let Some(flight) = self.in_flight.remove(&id) else {
            return;
        };
        self.free_shards.push(flight.shard);
        for account in &flight.accounts {
            self.in_use.remove(account);
        }
        for key in &flight.keys {
            // Who asked while it was being posted asks again, and finds the answer.
            for follower in self.followers.remove(key).into_iter().flatten() {
                self.accept(follower);
            }
        }
    }
}
