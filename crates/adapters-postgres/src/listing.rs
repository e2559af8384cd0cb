//! Lists in pieces: what all of them share.

use app::{
    paging::{Limit, Listing, PageNumber, Position, Total, Window},
    ports::StorageError,
};
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

/// A window in terms of SQL.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Rows are strictly before this, newest first.
    pub(crate) before: Option<Position>,
    /// How many rows to skip.
    pub(crate) offset: i64,
    /// How many rows to show.
    shown: usize,
    /// Whether all rows are to be counted.
    pub(crate) is_counted: bool,
}

impl Bounds {
    pub(crate) fn of(window: Window) -> Self {
        match window {
            Window::After { position, limit } => Self {
                before: position,
                offset: 0,
                shown: usize::from(limit.rows()),
                is_counted: false,
            },
            Window::Page { number, size } => Self {
                before: None,
                offset: i64::from(number.offset(size)),
                shown: usize::try_from(number.rows_max(size)).unwrap_or_default(),
                is_counted: true,
            },
        }
    }

    /// How many rows to read: one more than is shown tells whether there are more.
    pub(crate) fn fetched(&self) -> i64 {
        i64::try_from(self.shown).unwrap_or(i64::MAX - 1) + 1
    }

    /// How many rows of the list the piece reaches into it.
    pub(crate) fn reach(&self) -> i64 {
        self.offset + self.fetched()
    }

    pub(crate) fn before_created_at(&self) -> Option<Timestamp> {
        self.before.map(|position| position.created_at)
    }

    pub(crate) fn before_id(&self) -> Option<Uuid> {
        self.before.map(|position| position.id)
    }

    /// The piece that these rows make.
    pub(crate) fn listing<T>(
        &self,
        mut rows: Vec<T>,
        position_of: impl Fn(&T) -> Position,
        total: Option<Total>,
    ) -> Listing<T> {
        let has_more = rows.len() > self.shown;
        rows.truncate(self.shown);
        let next = rows.last().filter(|_| has_more).map(position_of);
        Listing { rows, next, total }
    }
}

/// How many rows are read for a piece at most.
pub(crate) fn fetched_max() -> i64 {
    i64::from(Limit::MAX) + 1
}

/// How many rows to count: one more than are told exactly.
pub(crate) fn counted_max() -> i64 {
    i64::from(PageNumber::ROWS_MAX) + 1
}

/// What a count of at most [`counted_max`] rows tells.
pub(crate) fn total_of(counted: i64) -> Total {
    let rows = u32::try_from(counted).unwrap_or(u32::MAX);
    Total {
        rows: rows.min(PageNumber::ROWS_MAX),
        is_exact: rows <= PageNumber::ROWS_MAX,
    }
}

/// Turns rows into what they stand for.
pub(crate) fn collect<T>(
    rows: &[Row],
    read: impl Fn(&Row) -> Result<T, StorageError>,
) -> Result<Vec<T>, StorageError> {
    rows.iter().map(read).collect()
}
