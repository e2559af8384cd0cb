//! A replica, for lists: read there only when it has everything that was committed before anybody asked.
//!
//! The rule is exact and needs no memory of who wrote what through which instance: the primary tells how far its log is on
//! the disk, which is behind every commit that it has answered, and the replica has to have replayed that much.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use app::ports::StorageError;
use tokio_postgres::types::PgLsn;

use super::{Database, DatabaseOptions, OpenError, Sending, tls::Address};

/// How far the log of the primary is on the disk.
const WRITTEN: &str = "SELECT pg_current_wal_flush_lsn()";

/// How far the replica is. One that was promoted is none: its log and that of the primary may have parted.
const REPLAYED: &str = "
    SELECT pg_is_in_recovery() AND coalesce(pg_last_wal_replay_lsn() >= $1, false)";

/// How long a list waits for the replica. Beyond that, the primary is quicker.
const PATIENCE: Duration = Duration::from_millis(50);
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// How long a replica that does not answer, or is far behind, is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(1);
/// How long it may take over a statement of a list. What takes longer is read from the primary, which has more time: a
/// replica that stands still in the middle of a list must not cost the caller the answer.
const LIST_LIMIT: Duration = Duration::from_secs(2);
/// How long a list waits for a connection to it.
const CONNECTION_LIMIT: Duration = Duration::from_millis(500);

/// The replica of a database.
pub(super) struct Replica {
    database: Database,
    left_alone_until: Mutex<Option<Instant>>,
}

impl Replica {
    /// The one that the options of the primary name.
    pub(super) fn of(
        primary: &DatabaseOptions,
        sending: &Sending,
    ) -> Result<Option<Arc<Self>>, OpenError> {
        let Some(url) = primary.replica_url.clone() else {
            return Ok(None);
        };
        if Address::read(&url)?.config.get_hosts().len() > 1 {
            return Err(OpenError::SeveralReplicas);
        }
        // Where the primary is behind a pooler, so is the replica; and if it is not, nothing is lost.
        let options = DatabaseOptions {
            url,
            replica_url: None,
            takes_writes: false,
            acquire_timeout: primary.acquire_timeout.min(CONNECTION_LIMIT),
            statement_timeout: primary.statement_timeout.min(LIST_LIMIT),
            query_deadline: primary.query_deadline.min(LIST_LIMIT),
            ..primary.clone()
        };
        let database = Database::open_with(options, sending.clone())?;
        Ok(Some(Arc::new(Self {
            database,
            left_alone_until: Mutex::new(None),
        })))
    }

    pub(super) fn close(&self) {
        self.database.close();
    }

    fn is_left_alone(&self) -> bool {
        let until = *self.until();
        until.is_some_and(|until| Instant::now() < until)
    }

    fn leave_alone(&self) {
        *self.until() = Some(Instant::now() + LEFT_ALONE);
    }

    fn until(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        let locked = self.left_alone_until.lock();
        locked.unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Waits a little until it has everything up to here. Whether it has.
    async fn reaches(self: &Arc<Self>, written: PgLsn) -> bool {
        let replica = Arc::clone(self);
        // It goes on by itself for a while: a connection that takes its time is there for the next list.
        let looking = tokio::spawn(async move { replica.look(written).await });
        match tokio::time::timeout(PATIENCE, looking).await {
            Ok(Ok(Ok(is_reached))) => is_reached,
            Ok(Ok(Err(error))) => {
                tracing::warn!(%error, "the replica does not answer: lists are read from the primary");
                false
            }
            Ok(Err(_)) | Err(_) => false,
        }
    }

    async fn look(&self, written: PgLsn) -> Result<bool, StorageError> {
        let begun = Instant::now();
        loop {
            let row = self.database.query_opt(REPLAYED, &[&written]).await?;
            if row.is_some_and(|row| row.get(0)) {
                return Ok(true);
            }
            if begun.elapsed() >= PATIENCE {
                return Ok(false);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

impl Database {
    /// Reads a list: from the replica if there is one, and it has everything that was committed until now; else from here.
    /// What comes to nothing there is read here as well, and what is wrong with it is told from here.
    pub(crate) async fn read_list<T, Reading>(
        &self,
        read: impl Fn(Self) -> Reading,
    ) -> Result<T, StorageError>
    where
        Reading: Future<Output = Result<T, StorageError>>,
    {
        let Some(replica) = &self.replica else {
            return read(self.clone()).await;
        };
        if !replica.is_left_alone() && self.is_reached_by(replica).await {
            match read(replica.database.clone()).await {
                Ok(list) => {
                    count_list("replica");
                    return Ok(list);
                }
                Err(error) => {
                    tracing::warn!(%error, "the replica gives no list: it is read from the primary");
                    replica.leave_alone();
                }
            }
        }
        count_list("primary");
        read(self.clone()).await
    }

    async fn is_reached_by(&self, replica: &Arc<Replica>) -> bool {
        // Whatever is wrong here, the list itself meets it as well, and says so.
        let Ok(Some(row)) = self.query_opt(WRITTEN, &[]).await else {
            return false;
        };
        let is_reached = replica.reaches(row.get(0)).await;
        if !is_reached {
            replica.leave_alone();
        }
        is_reached
    }
}

fn count_list(place: &'static str) {
    metrics::counter!("database_lists_total", "place" => place).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_replicas_are_refused_since_each_is_as_far_as_it_is() {
        let options = DatabaseOptions {
            replica_url: Some("postgresql://a@one,two/b".to_owned()),
            ..DatabaseOptions::at("postgresql://a@primary/b")
        };

        let opened = Replica::of(&options, &Sending::of(&options));

        assert!(matches!(opened, Err(OpenError::SeveralReplicas)));
    }
}
