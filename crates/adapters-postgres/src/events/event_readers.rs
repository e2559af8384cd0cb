//! The groups that read the log, for the person who looks after them.

use app::{events::SHARDS, ports::StorageError};

use super::{short_transaction::transact, source::OPEN_SHARDS};
use crate::{columns::Columns, database::Database};

/// Members of a group take turns by these rows.
const LOCK: &str = "SELECT FROM event_readers WHERE reader = $1 ORDER BY shard FOR UPDATE";

/// Whoever holds a shard, or has said within the longest pause that there is between two signs of life that it is there.
const MEMBERS: &str = "
    SELECT count(*) AS members
      FROM (SELECT member FROM event_readers WHERE reader = $1 AND held_until > now()
             UNION
            SELECT member FROM event_reader_members WHERE reader = $1 AND seen_at > now() - interval '10 seconds') AS m";

const FORGET_MEMBERS: &str = "DELETE FROM event_reader_members WHERE reader = $1";

const FORGET: &str = "DELETE FROM event_readers WHERE reader = $1";

/// What became of forgetting a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForgottenReader {
    /// The log is not kept for it any more. Should it come back, it begins with the oldest event that is still there.
    Forgotten,
    /// There is none of this name.
    Unknown,
    /// It is at work, and was left alone.
    AtWork {
        /// How many read for it now.
        members: i64,
    },
}

/// The groups that read the log.
#[derive(Clone)]
pub struct PgEventReaders {
    database: Database,
}

impl PgEventReaders {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    /// Has days be kept for a group that has not read anything yet. One that is known already is left as it is.
    pub async fn expect(&self, reader: &'static str) -> Result<(), StorageError> {
        self.database
            .query(OPEN_SHARDS, &[&reader, &SHARDS])
            .await
            .map(drop)
    }

    /// Forgets how far a group has come, so that no day is kept for it. Its dead letters stay, since a group of the same
    /// name may read from another broker.
    pub async fn forget(&self, reader: &str) -> Result<ForgottenReader, StorageError> {
        transact(&self.database, "BEGIN", async |uow| {
            if uow.query(LOCK, &[&reader]).await?.is_empty() {
                return Ok(ForgottenReader::Unknown);
            }
            let counted = uow.query_opt(MEMBERS, &[&reader]).await?;
            let counted = counted.map(|row| Columns::of("event reader", &row).get("members"));
            let members: i64 = counted.unwrap_or(Ok(0))?;
            if members > 0 {
                return Ok(ForgottenReader::AtWork { members });
            }
            uow.execute(FORGET_MEMBERS, &[&reader]).await?;
            uow.execute(FORGET, &[&reader]).await?;
            Ok(ForgottenReader::Forgotten)
        })
        .await
    }
}
