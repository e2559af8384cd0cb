//! One member's reading.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use app::{
    events::{EventBell, EventPosition, LoggedEvent, SHARDS},
    ports::{AggregateKind, BrokerError, ConsumerGroup, StorageError, Subscription},
};
use async_trait::async_trait;
use tokio_postgres::types::ToSql;

use super::{
    super::{
        event_row::{COLUMNS, OUTBOX_ROW, event_from},
        short_transaction::read_row_by_row,
    },
    membership::{Held, Membership},
    unreachable,
};
use crate::{columns::Columns, database::Database};

/// How often to look when nobody rings.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How many positions are looked at together, so that a reader whom few events concern does not look at all at once.
const WINDOW: i64 = 20_000;

/// The events of the shards behind their places, together with up to where that is everything.
static READ: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT s.position AS log_end, e.*
           FROM event_sequencer AS s
           LEFT JOIN LATERAL (
                SELECT {COLUMNS}
                  FROM (SELECT * FROM event_positions
                         WHERE position > $1 AND position <= $1 + {WINDOW}
                           AND position > ($2::bigint[])[shard + 1] AND aggregate_type = ANY ($3)
                         ORDER BY position LIMIT $4) AS p {OUTBOX_ROW}) AS e ON true
          ORDER BY e.position"
    )
});

/// A member of a group of readers.
pub(super) struct PgSubscription {
    database: Database,
    membership: Membership,
    kinds: Vec<&'static str>,
    bell: EventBell,
    /// The shards of this member, and up to where each is done.
    held: Vec<Held>,
    /// Up to where everything was received that is not acknowledged yet.
    received_to: Option<i64>,
}

struct Page {
    events: Vec<LoggedEvent>,
    /// Up to where this is everything.
    end: i64,
    /// Whether the log goes on behind that.
    has_more: bool,
}

impl PgSubscription {
    pub(super) fn new(
        database: Database,
        membership: Membership,
        group: ConsumerGroup,
        bell: EventBell,
    ) -> Self {
        Self {
            database,
            membership,
            kinds: group
                .kinds
                .iter()
                .copied()
                .map(AggregateKind::code)
                .collect(),
            bell,
            held: Vec::new(),
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
        let rows = read_row_by_row(&self.database, &READ, &params).await?;
        let mut events = Vec::with_capacity(rows.len());
        let mut log_end = first;
        for row in &rows {
            let columns = Columns::of("event", row);
            log_end = columns.get("log_end")?;
            if columns.get::<Option<i64>>("position")?.is_some() {
                events.push(event_from(row)?);
            }
        }
        let looked_to = log_end.min(first.saturating_add(WINDOW));
        let last = events.last().map(|it: &LoggedEvent| it.position.as_i64());
        let end = last.filter(|_| events.len() == max).unwrap_or(looked_to);
        Ok(Page {
            events,
            end,
            has_more: end < log_end,
        })
    }

    fn move_to(&mut self, position: i64) {
        for held in &mut self.held {
            held.position = held.position.max(position);
        }
    }

    /// Says that it is here if it is time to. What is held is as it is stored from then on, and what was received and not
    /// acknowledged comes again.
    async fn keep_membership(&mut self) -> Result<(), BrokerError> {
        if self.membership.is_due() {
            // What was passed over because it was of no interest is stored as well, lest others look at it again.
            self.membership
                .pass(&self.held)
                .await
                .map_err(unreachable)?;
            self.held = self.membership.renew().await.map_err(unreachable)?;
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
            let rung = self.bell.next_ring();
            self.keep_membership().await?;
            if !self.held.is_empty() {
                let page = self.read(max).await.map_err(unreachable)?;
                if !page.events.is_empty() {
                    self.received_to = Some(page.end);
                    return Ok(page.events);
                }
                self.move_to(page.end);
                if page.has_more {
                    continue;
                }
            }
            let left = wait.saturating_sub(asked_at.elapsed());
            if left.is_zero() {
                return Ok(Vec::new());
            }
            let _rung_or_not = tokio::time::timeout(left.min(LOOK_EVERY), rung).await;
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
        self.held = self.membership.renew().await.map_err(unreachable)?;
        Err(BrokerError::TakenOver)
    }

    async fn rewind(&mut self, shard: i16, after: EventPosition) -> Result<(), BrokerError> {
        self.received_to = None;
        // Until it is known what is stored, nothing is read.
        self.held.clear();
        let held = self.membership.go_back(shard, after.as_i64()).await;
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
