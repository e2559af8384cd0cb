//! The groups that read the log, for the person who looks after them.

use app::{events::SHARDS, ports::StorageError};

use super::short_transaction::transact;
use crate::{columns::Columns, database::Database};

/// Members of a group take turns by these rows.
const LOCK: &str = "SELECT FROM event_readers WHERE reader = $1 ORDER BY shard FOR UPDATE";

/// Whoever holds a shard, or has said within the longest pause that there is between two signs of life that it is there.
const MEMBERS: &str = "
    SELECT count(*) AS members
      FROM (SELECT member FROM event_readers WHERE reader = $1 AND held_until > now()
             UNION
            SELECT member FROM event_reader_members WHERE reader = $1 AND seen_at > now() - interval '10 seconds') AS m";

/// What is not here yet begins at the beginning, unless somebody has said that it is not to come.
const EXPECT: &str = "
    INSERT INTO event_readers (reader, shard, position)
    SELECT $1, n, 0 FROM generate_series(0, $2::smallint - 1) AS n
     WHERE NOT EXISTS (SELECT FROM event_readers WHERE reader = $3)
    ON CONFLICT DO NOTHING";

/// What is forgotten has a row by which that is remembered, with a place that no day is kept for. It is no reader.
pub(super) const FORGOTTEN: &str = "forgotten:";
const REMEMBER: &str = "
    INSERT INTO event_readers (reader, shard, position) VALUES ($1, 0, 9223372036854775807) ON CONFLICT DO NOTHING";

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

    /// Has days be kept for a group that has not read anything yet. One that is known already is left as it is, and so is
    /// one that was forgotten.
    pub async fn expect(&self, reader: &str) -> Result<(), StorageError> {
        let forgotten = format!("{FORGOTTEN}{reader}");
        self.database
            .query(EXPECT, &[&reader, &SHARDS, &forgotten])
            .await
            .map(drop)
    }

    /// Forgets how far a group has come, so that no day is kept for it, until it comes back by itself. Its dead letters
    /// stay, since a group of the same name may read from another broker.
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
            let forgotten = format!("{FORGOTTEN}{reader}");
            uow.execute(REMEMBER, &[&forgotten]).await?;
            Ok(ForgottenReader::Forgotten)
        })
        .await
    }
}
