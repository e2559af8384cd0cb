//! How a transaction ends when it does not end well.

use app::ports::{StorageError, Touched};
use tokio_postgres::error::{DbError, SqlState};

use crate::error::is_lost_race;

/// The transaction was undone because a concurrent writer won.
#[derive(Debug, Clone, Default)]
pub(crate) struct LostRace {
    /// The table of the row that was there already, if that is how it was lost.
    pub(crate) table: Option<String>,
}

impl LostRace {
    /// How this refusal of the server tells of it, if it does.
    pub(crate) fn told_by(error: &tokio_postgres::Error) -> Option<Self> {
        is_lost_race(error).then(|| {
            let is_there = error.code() == Some(&SqlState::UNIQUE_VIOLATION);
            let table = error.as_db_error().and_then(DbError::table);
            Self {
                table: table.filter(|_| is_there).map(str::to_owned),
            }
        })
    }
}

/// A commit that was not answered: it may have happened.
pub(crate) struct InDoubt {
    /// What has changed if it did.
    pub(crate) touched: Vec<Touched>,
    /// Why there was no answer.
    pub(crate) why: StorageError,
}
