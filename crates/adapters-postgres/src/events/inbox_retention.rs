//! Forgetting what consumers have dealt with, by age.

use app::ports::StorageError;
use jiff::Timestamp;

use crate::{columns::Columns, database::Database};

const FORGET: &str = "
    WITH forgotten AS (
        DELETE FROM inbox WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM inbox WHERE created_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))
        RETURNING 1)
    SELECT count(*) AS forgotten FROM forgotten";

/// Keeps the inbox small.
pub struct PgInboxRetention {
    database: Database,
}

impl PgInboxRetention {
    /// That of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    /// Forgets what was dealt with before `kept_since`, `limit` at most, and tells how many it were.
    pub async fn forget(&self, kept_since: Timestamp, limit: i64) -> Result<i64, StorageError> {
        let row = self
            .database
            .query_opt(FORGET, &[&kept_since, &limit])
            .await?;
        row.map_or(Ok(0), |row| Columns::of("inbox", &row).get("forgotten"))
    }
}
