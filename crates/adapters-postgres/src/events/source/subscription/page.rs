//! A look at the log.

use std::sync::LazyLock;

use app::{
    events::LoggedEvent,
    ports::{StorageError, UseFor},
};
use tokio_postgres::Row;

use super::super::membership::Stops;
use crate::{
    columns::Columns,
    events::event_row::{COLUMNS, OUTBOX_ROW, event_from},
};

/// How many positions are looked at together, so that a reader whom few events concern does not look at all at once.
const WINDOW: i64 = 20_000;

/// The events of the shards behind their places that are of these kinds, if there are such, and of use, together with up to where that is everything.
fn reading(of_use: &str) -> String {
    format!(
        "SELECT s.position AS log_end, e.*
           FROM event_sequencer AS s
           LEFT JOIN LATERAL (
                SELECT {COLUMNS}
                  FROM (SELECT * FROM event_positions AS placed
                         WHERE position > $1 AND position <= $1 + {WINDOW}
                           AND position > ($2::bigint[])[shard + 1] AND ($3::text[] IS NULL OR aggregate_type = ANY ($3)) {of_use}
                         ORDER BY position LIMIT $4) AS p {OUTBOX_ROW}) AS e ON true
          ORDER BY e.position"
    )
}

static READ_ALL: LazyLock<String> = LazyLock::new(|| reading(""));

/// An event of nobody who listens is not even fetched: most organizations have no endpoint.
static READ_FOR_WEBHOOKS: LazyLock<String> = LazyLock::new(|| {
    reading(
        "AND EXISTS (SELECT FROM webhooks AS w
                      WHERE w.organization_id = placed.organization_id AND w.disabled_at IS NULL AND w.deleted_at IS NULL)",
    )
});

/// Most payments are between two accounts, and nothing is due any more when they are told of.
static READ_FOR_WORK: LazyLock<String> = LazyLock::new(|| {
    let is_due = |kind: &str, table: &str| {
        format!(
            "aggregate_type = '{kind}' AND EXISTS (
                SELECT FROM {table} AS w WHERE w.organization_id = placed.organization_id AND w.id = placed.aggregate_id
                   AND w.due_at IS NOT NULL)"
        )
    };
    let (payment, refund) = (is_due("payment", "payments"), is_due("refund", "refunds"));
    reading(&format!("AND ({payment} OR {refund})"))
});

/// What a group asks that has this use for events.
pub(super) fn statement_of(use_for: UseFor) -> &'static str {
    match use_for {
        UseFor::All => &READ_ALL,
        UseFor::OrganizationsThatListen => &READ_FOR_WEBHOOKS,
        UseFor::WorkThatIsDue => &READ_FOR_WORK,
    }
}

/// What was found.
#[derive(Default)]
pub(super) struct Page {
    pub(super) events: Vec<LoggedEvent>,
    /// Up to where this is everything.
    pub(super) end: i64,
    /// Where the first event of a shard is that this release does not know, the place before that. The shard ends there.
    pub(super) stops: Stops,
    /// Whether the log goes on behind that.
    pub(super) has_more: bool,
}

impl Page {
    /// Of at most `max` events behind `first`.
    pub(super) fn from(rows: &[Row], first: i64, max: usize) -> Result<Self, StorageError> {
        let (mut events, mut stops) = (Vec::with_capacity(rows.len()), Stops::new());
        let (mut log_end, mut last) = (first, None);
        for row in rows {
            let columns = Columns::of("event", row);
            log_end = columns.get("log_end")?;
            last = columns.get::<Option<i64>>("position")?;
            let Some(position) = last else {
                break;
            };
            let event = event_from(row)?;
            if event.event.kind.known().is_none() {
                stops.entry(event.shard).or_insert(position - 1);
            } else if !stops.contains_key(&event.shard) {
                events.push(event);
            }
        }
        let looked_to = log_end.min(first.saturating_add(WINDOW));
        let end = last.filter(|_| rows.len() == max).unwrap_or(looked_to);
        Ok(Self {
            events,
            end,
            stops,
            has_more: end < log_end,
        })
    }
}
