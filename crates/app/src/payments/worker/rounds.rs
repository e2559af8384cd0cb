//! The rounds of a worker: as much at a time as providers have room for.

use std::{collections::HashMap, future::Future, pin::pin, sync::Arc};

use domain::payments::ProviderName;
use tokio::{
    task::JoinSet,
    time::{Interval, MissedTickBehavior, interval, sleep},
};
use tracing::Instrument as _;
use uuid::Uuid;

use super::{PaymentWorker, leases::InHand, line::Line, seat::Seat, tally};
use crate::{
    payments::{BeginWork, Errand},
    ports::{StorageError, WorkKey},
    traces::{self, SpanKind, TraceContext},
};

/// How many pieces are taken up together: they share a transaction.
const TOGETHER_MAX: usize = 100;
/// Of how many times as many one chooses those that one takes up: others look at the same time.
const CHOICE: usize = 2;

/// What is under way.
pub(super) type UnderWay = JoinSet<()>;

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
                _ = sweeps.tick() => {
                    is_to_look = true;
                    self.doubt_payouts(&mut under_way).await;
                }
                () = self.hints.news() => {}
                () = self.room.notified() => {}
            }
            self.tidy_up(&mut under_way).await;
        }
        self.finish(under_way, extensions).await;
    }

    /// Does what others are waiting for while the last errands end. What has not ended in time is left to others, who ask
    /// what became of it.
    pub(super) async fn finish(&self, mut under_way: UnderWay, mut extensions: Interval) {
        let mut limit = pin!(sleep(self.terms.finish_within));
        loop {
            tokio::select! {
                ended = under_way.join_next() => if ended.is_none() {
                    break;
                },
                _ = extensions.tick() => self.extend_leases().await,
                () = &mut limit => {
                    tracing::warn!(left = under_way.len(), "not all calls to providers have ended in time");
                    under_way.shutdown().await;
                    break;
                }
            }
        }
        self.let_go_of_done().await;
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
        let keys = self.take_in_hand(keys).await;
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
        let command = BeginWork {
            causes: self.causes(&keys).await,
            keys,
            lost_after: self.terms.lost_after,
        };
        self.parts.bus.execute(self.begin.clone(), command).await
    }

    /// The traces that these belong to. Nobody waits for a payment because of a trace.
    async fn causes(&self, keys: &[WorkKey]) -> HashMap<Uuid, TraceContext> {
        if !traces::is_on() {
            return HashMap::new();
        }
        let ids: Vec<_> = keys.iter().map(WorkKey::id).collect();
        let found = self.parts.queries.causes(&ids).await;
        found.unwrap_or_else(|why| {
            let why: &dyn std::error::Error = &why;
            tracing::debug!(error = why, "nobody knows which traces payments belong to");
            HashMap::new()
        })
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

    async fn tidy_up(&self, under_way: &mut UnderWay) {
        while under_way.try_join_next().is_some() {}
        self.let_go_of_done().await;
    }

    pub(super) fn spawn(self: &Arc<Self>, under_way: &mut UnderWay, errand: Errand, seat: Seat) {
        let in_hand = InHand {
            worker: Arc::clone(self),
            id: errand.key.id(),
        };
        let span = traces::follow(SpanKind::Consumer, "carry out a payment", errand.cause);
        under_way.spawn(async move {
            let running = in_hand.worker.run_errand(errand, seat);
            span.around(running).instrument(span.in_log()).await;
        });
    }
}
