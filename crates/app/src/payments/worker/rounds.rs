//! The rounds of a worker: as much at a time as providers have room for.

use std::{future::Future, pin::pin, sync::Arc};

use domain::payments::ProviderName;
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use uuid::Uuid;

use super::{PaymentWorker, line::Line, seat::Seat, tally};
use crate::{
    payments::{BeginWork, Errand},
    ports::{LeaseRequest, StorageError, WorkKey},
};

/// How many pieces are taken up together: they share a transaction.
const TOGETHER_MAX: usize = 100;
/// Of how many times as many one chooses those that one takes up: others look at the same time.
const CHOICE: usize = 2;

/// What is under way.
type UnderWay = JoinSet<()>;

/// Something in hand: done with when it is dropped, whatever became of it.
struct InHand {
    worker: Arc<PaymentWorker>,
    id: Uuid,
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.worker.done().push(self.id);
    }
}

impl PaymentWorker {
    /// Goes on until it is told to end, and then finishes what it has begun.
    pub async fn run(self: Arc<Self>, end: impl Future<Output = ()>) {
        let mut end = pin!(end);
        let mut under_way = UnderWay::default();
        let mut sweeps = interval(self.terms.sweep_every);
        sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut extensions = interval(self.terms.lease / 3);
        extensions.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_to_look = true;
        loop {
            is_to_look |= self.hints.take_wish_to_look();
            is_to_look = self.round(&mut under_way, is_to_look).await;
            tokio::select! {
                biased;
                () = &mut end => break,
                _ = extensions.tick() => self.extend_leases().await,
                _ = sweeps.tick() => is_to_look = true,
                () = self.hints.news() => {}
                () = self.room.notified() => {}
            }
            self.tidy_up(&mut under_way).await;
        }
        self.finish(under_way, extensions).await;
    }

    /// Does what others are waiting for while the last errands end.
    async fn finish(&self, mut under_way: UnderWay, mut extensions: tokio::time::Interval) {
        loop {
            tokio::select! {
                ended = under_way.join_next() => if ended.is_none() {
                    break;
                },
                _ = extensions.tick() => self.extend_leases().await,
            }
        }
        self.tidy_up(&mut under_way).await;
    }

    /// Takes up what there is room for, and tells whether it is worth while to look again as soon as there is more room.
    async fn round(self: &Arc<Self>, under_way: &mut UnderWay, is_to_look: bool) -> bool {
        let mut is_to_look_again = false;
        for (name, line) in &self.lines {
            let taken = self.take_up(under_way, (name, line), is_to_look).await;
            is_to_look_again |= taken.unwrap_or_else(|why| {
                let why: &dyn std::error::Error = &why;
                tracing::warn!(error = why, "no payments can be taken up at the moment");
                false
            });
            tally::show_line(name, line.busy(), line.breaker_state());
        }
        is_to_look_again
    }

    async fn take_up(
        self: &Arc<Self>,
        under_way: &mut UnderWay,
        (name, line): (&ProviderName, &Arc<Line>),
        is_to_look: bool,
    ) -> Result<bool, StorageError> {
        let hinted = self.hints.count(name);
        let wanted = if is_to_look && line.has_much_room() {
            TOGETHER_MAX
        } else {
            hinted.min(TOGETHER_MAX)
        };
        let mut seats = line.take_seats(wanted);
        if seats.is_empty() {
            // What waits for a seat still waits.
            return Ok(is_to_look || hinted > 0);
        }
        let (keys, has_more) = self.choose(name, seats.len(), is_to_look).await?;
        for errand in self.begin(keys).await? {
            let Some(seat) = seats.pop() else { break };
            self.spawn(under_way, errand, seat);
        }
        Ok(has_more)
    }

    /// What to take up, and whether a look would find more. Hints never take all seats from what only a look finds, such as
    /// retries, look-ups and refunds, however many there are.
    pub(super) async fn choose(
        &self,
        name: &ProviderName,
        seats: usize,
        is_to_look: bool,
    ) -> Result<(Vec<WorkKey>, bool), StorageError> {
        if !is_to_look {
            return Ok((self.hints.take(name, seats), false));
        }
        let mut keys = self.hints.take(name, seats / 2);
        let room = seats - keys.len();
        let found = self.look(name, room).await?;
        let has_more = found.len() >= room;
        keys.extend(found);
        keys.extend(self.hints.take(name, seats - keys.len()));
        Ok((keys, has_more))
    }

    /// Some of what is due, and not in hand.
    async fn look(
        &self,
        provider: &ProviderName,
        count: usize,
    ) -> Result<Vec<WorkKey>, StorageError> {
        let now = self.parts.clock.now();
        let limit = i64::try_from(count * CHOICE).unwrap_or(i64::MAX);
        let mut due = self.parts.queries.list_due(provider, now, limit).await?;
        if due.len() > count {
            let sides = u32::try_from(due.len()).unwrap_or(u32::MAX);
            let first = usize::try_from(self.parts.dice.roll(sides)).unwrap_or_default();
            let first = first.min(due.len());
            due.rotate_left(first);
            due.truncate(count);
        }
        Ok(due)
    }

    /// Takes these up, as far as nobody is at them.
    async fn begin(&self, keys: Vec<WorkKey>) -> Result<Vec<Errand>, StorageError> {
        let keys = self.lease(self.reserve(keys)).await;
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let begun = match self.begin_together(keys.clone()).await {
            Err(StorageError::Corrupt { .. }) if keys.len() > 1 => {
                Ok(self.begin_one_by_one(&keys).await)
            }
            begun => begun,
        };
        let taken: Vec<Uuid> = begun.iter().flatten().map(|it| it.key.id()).collect();
        let rest: Vec<Uuid> = keys.iter().map(WorkKey::id).collect();
        let rest: Vec<Uuid> = rest.into_iter().filter(|id| !taken.contains(id)).collect();
        self.let_go(&rest).await;
        begun
    }

    async fn begin_together(&self, keys: Vec<WorkKey>) -> Result<Vec<Errand>, StorageError> {
        let lost_after = self.terms.lost_after;
        let command = BeginWork { keys, lost_after };
        self.parts.bus.execute(self.begin.clone(), command).await
    }

    /// When one of several cannot be read, the others need not suffer from it.
    async fn begin_one_by_one(&self, keys: &[WorkKey]) -> Vec<Errand> {
        let mut begun = Vec::new();
        for key in keys {
            match self.begin_together(vec![*key]).await {
                Ok(errands) => begun.extend(errands),
                Err(why) => {
                    let why: &dyn std::error::Error = &why;
                    tracing::error!(work = %key.id(), error = why, "it cannot be taken up");
                }
            }
        }
        begun
    }

    /// Those that this worker is not at; it is, from now on.
    fn reserve(&self, keys: Vec<WorkKey>) -> Vec<WorkKey> {
        let mut in_hand = self.in_hand();
        keys.into_iter()
            .filter(|key| in_hand.insert(key.id()))
            .collect()
    }

    /// Those that no other worker is at. Without leases, storage alone decides.
    async fn lease(&self, keys: Vec<WorkKey>) -> Vec<WorkKey> {
        let Some(leases) = self.parts.leases.as_ref().filter(|_| !keys.is_empty()) else {
            return keys;
        };
        let ids: Vec<Uuid> = keys.iter().map(WorkKey::id).collect();
        match leases.take(self.request(&ids)).await {
            Ok(taken) => {
                let (ours, others): (Vec<_>, Vec<_>) =
                    keys.into_iter().partition(|key| taken.contains(&key.id()));
                let mut in_hand = self.in_hand();
                for key in others {
                    in_hand.remove(&key.id());
                }
                ours
            }
            Err(why) => {
                let why: &dyn std::error::Error = &why;
                tracing::debug!(error = why, "going on without leases");
                tally::count_unleased();
                keys
            }
        }
    }

    async fn extend_leases(&self) {
        let ids: Vec<Uuid> = self.in_hand().iter().copied().collect();
        let Some(leases) = self.parts.leases.as_ref().filter(|_| !ids.is_empty()) else {
            return;
        };
        match leases.extend(self.request(&ids)).await {
            Ok(extended) => tally::count_lost_leases(ids.len() - extended.len()),
            Err(_away) => tally::count_unleased(),
        }
    }

    const fn request<'a>(&self, work: &'a [Uuid]) -> LeaseRequest<'a> {
        LeaseRequest {
            work,
            token: self.token,
            lasts: self.terms.lease,
        }
    }

    async fn tidy_up(&self, under_way: &mut UnderWay) {
        while under_way.try_join_next().is_some() {}
        let done = std::mem::take(&mut *self.done());
        self.let_go(&done).await;
    }

    fn spawn(self: &Arc<Self>, under_way: &mut UnderWay, errand: Errand, seat: Seat) {
        let in_hand = InHand {
            worker: Arc::clone(self),
            id: errand.key.id(),
        };
        under_way.spawn(async move {
            in_hand.worker.run_errand(errand, seat).await;
        });
    }

    /// Lets others have what is done with. A lease that cannot be let go of ends by itself.
    async fn let_go(&self, ids: &[Uuid]) {
        if ids.is_empty() {
            return;
        }
        if let Some(leases) = &self.parts.leases {
            let released = leases.release(ids, self.token).await;
            released.unwrap_or_else(|_away| tally::count_unleased());
        }
        let mut in_hand = self.in_hand();
        for id in ids {
            in_hand.remove(id);
        }
    }
}
