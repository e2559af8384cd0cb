//! One member's reading.

mod page;

use std::{
    pin::Pin,
    time::{Duration, Instant},
};

use app::{
    events::{EventBell, EventPosition, LoggedEvent, SHARDS},
    ports::{AggregateKind, BrokerError, ConsumerGroup, StorageError, Subscription},
};
use async_trait::async_trait;
use tokio_postgres::types::ToSql;

use self::page::{Page, statement_of};
use super::{
    super::short_transaction::read_row_by_row,
    membership::{Held, Membership, Stops},
    unreachable,
};
use crate::database::Database;

/// How often to look when nobody rings.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// The same while events come.
const LOOK_SOON: Duration = Duration::from_millis(20);

/// A member of a group of readers.
pub(super) struct PgSubscription {
    database: Database,
    membership: Membership,
    sql: &'static str,
    /// None if it is to be all, also those that this release does not know.
    kinds: Option<Vec<&'static str>>,
    bell: EventBell,
    next_look: Option<NextLook>,
    /// The shards of this member, and up to where each is done.
    held: Vec<Held>,
    /// Where shards go on with what only a member of a later release can deal with.
    stops: Stops,
    /// Up to where everything was received that is not acknowledged yet.
    received_to: Option<i64>,
}

/// When to look again after the end of the log was reached.
struct NextLook {
    /// Since before the log was read: also a ring that came meanwhile.
    rung: Pin<Box<dyn Future<Output = ()> + Send + Sync>>,
    at_the_latest: Duration,
}

impl PgSubscription {
    pub(super) fn new(
        database: Database,
        membership: Membership,
        group: ConsumerGroup,
        bell: EventBell,
    ) -> Self {
        let kinds = group.kinds.iter().copied().map(AggregateKind::code);
        Self {
            database,
            membership,
            sql: statement_of(group.use_for),
            kinds: (!group.wants_all_kinds()).then(|| kinds.collect()),
            bell,
            next_look: None,
            held: Vec::new(),
            stops: Stops::new(),
            received_to: None,
        }
    }

    async fn read(&self, max: usize) -> Result<Page, StorageError> {
        let mut places = vec![i64::MAX; usize::try_from(SHARDS).unwrap_or_default()];
        for held in &self.held {
            if let Some(place) = usize::try_from(held.shard)
                .ok()
                .and_then(|at| places.get_mut(at))
            {
                *place = held.position;
            }
        }
        let first = places.iter().copied().min().unwrap_or(i64::MAX);
        let limit = i64::try_from(max).unwrap_or(i64::MAX);
        let params: [&(dyn ToSql + Sync); 4] = [&first, &places, &self.kinds, &limit];
        let rows = read_row_by_row(&self.database, self.sql, &params).await?;
        Page::from(&rows, first, max)
    }

    fn move_to(&mut self, position: i64) {
        for held in &mut self.held {
            let stop = self.stops.get(&held.shard).copied();
            let stop = stop.filter(|stop| *stop >= held.position);
            let up_to = stop.map_or(position, |stop| stop.min(position));
            held.position = held.position.max(up_to);
        }
    }

    /// Takes note of what has to be left to others. It is told once for each shard.
    fn note_stops(&mut self, stops: &Stops) {
        for (shard, stop) in stops {
            if self.stops.insert(*shard, *stop) != Some(*stop) {
                let (reader, after) = (self.membership.reader, *stop);
                tracing::warn!(
                    reader,
                    shard,
                    after,
                    "an event is of a kind that only a later release knows: left to a member of that release"
                );
            }
        }
    }

    async fn renew(&mut self) -> Result<(), BrokerError> {
        let held = self.membership.renew(&self.stops).await;
        self.held = held.map_err(unreachable)?;
        Ok(())
    }

    /// Says that it is here if it is time to. What is held is as it is stored from then on, and what was received and not
    /// acknowledged comes again.
    async fn keep_membership(&mut self) -> Result<(), BrokerError> {
        let has_stopped = self.held.iter().any(|it| it.is_at(&self.stops));
        if has_stopped || self.membership.is_due() {
            // What was passed over because it was of no interest is stored as well, lest others look at it again.
            self.membership
                .pass(&self.held)
                .await
                .map_err(unreachable)?;
            self.renew().await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Subscription for PgSubscription {
    async fn receive(
        &mut self,
        max: usize,
        wait: Duration,
    ) -> Result<Vec<LoggedEvent>, BrokerError> {
        self.received_to = None;
        let asked_at = Instant::now();
        loop {
            if let Some(next) = self.next_look.take() {
                let left = wait.saturating_sub(asked_at.elapsed());
                let pause = left.min(next.at_the_latest);
                let _rung_or_not = tokio::time::timeout(pause, next.rung).await;
            }
            let rung = Box::pin(self.bell.next_ring());
            self.keep_membership().await?;
            let page = if self.held.is_empty() {
                Page::default()
            } else {
                self.read(max).await.map_err(unreachable)?
            };
            self.note_stops(&page.stops);
            let has_some = !page.events.is_empty();
            if !page.has_more {
                self.next_look = Some(NextLook {
                    rung,
                    at_the_latest: if has_some { LOOK_SOON } else { LOOK_EVERY },
                });
            }
            if has_some {
                self.received_to = Some(page.end);
                return Ok(page.events);
            }
            self.move_to(page.end);
            if !page.has_more && asked_at.elapsed() >= wait {
                return Ok(Vec::new());
            }
        }
    }

    async fn acknowledge(&mut self) -> Result<(), BrokerError> {
        let Some(position) = self.received_to.take() else {
            return Ok(());
        };
        self.move_to(position);
        if self
            .membership
            .pass(&self.held)
            .await
            .map_err(unreachable)?
        {
            return Ok(());
        }
        self.renew().await?;
        Err(BrokerError::TakenOver)
    }

    async fn rewind(&mut self, shard: i16, after: EventPosition) -> Result<(), BrokerError> {
        self.received_to = None;
        self.next_look = None;
        // Until it is known what is stored, nothing is read.
        self.held.clear();
        self.stops.remove(&shard);
        let back = (shard, after.as_i64());
        let held = self.membership.go_back(back, &self.stops).await;
        self.held = held.map_err(unreachable)?;
        Ok(())
    }

    async fn leave(&mut self) {
        self.received_to = None;
        self.held.clear();
        if let Err(error) = self.membership.leave().await {
            tracing::debug!(%error, "a reader of events could not say that it leaves");
        }
    }
}
