//! Transactions of the background, which no command runs in.

use app::ports::StorageError;
use jiff::Timestamp;
use tokio_postgres::{Row, types::ToSql};

use crate::{
    database::Database,
    error::unavailable,
    unit_of_work::{PgUnitOfWork, Terms},
};

/// Begins one that finds rows by their indexes only. Days to come are empty, and were perhaps so when a plan was made that
/// is still in use when they are full: such a plan must not read them from one end to the other. What is discouraged like
/// that counts as so dear that each run would be compiled first, for seconds.
///
/// Like all of these it is ended by the server if nobody goes on with it for a while: others wait for its rows, and whoever
/// holds them may have been stopped.
pub(super) const BEGIN_ROW_BY_ROW: &str = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '5s'; SET LOCAL jit = off; \
    SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off";

/// Begins one that a crash of the server may take back although it was committed: whoever has come so far does a little of it
/// again. Its commit waits for no disk.
pub(super) const BEGIN_HASTY: &str = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '5s'; \
    SET LOCAL synchronous_commit = off";

/// Runs `work` in a transaction, and commits it if it succeeds.
pub(super) async fn transact<T>(
    database: &Database,
    begin: &'static str,
    work: impl AsyncFnOnce(&mut PgUnitOfWork) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    // Nothing in it goes by the service's time.
    let now = Timestamp::UNIX_EPOCH;
    let terms = Terms {
        deadline: database.deadline(),
        answers_kept_since: now,
        now,
    };
    let mut uow = PgUnitOfWork::new(database.connection().await?, database, begin, terms);
    match work(&mut uow).await {
        Ok(done) => match uow.commit().await {
            Ok(Ok(_)) => Ok(done),
            Ok(Err(_lost_race)) => Err(unavailable("a concurrent writer was quicker")),
            Err(in_doubt) => Err(in_doubt.why),
        },
        Err(error) => {
            uow.roll_back().await;
            Err(error)
        }
    }
}

/// Reads in a transaction of [`BEGIN_ROW_BY_ROW`].
pub(super) async fn read_row_by_row(
    database: &Database,
    sql: &'static str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, StorageError> {
    transact(database, BEGIN_ROW_BY_ROW, async |uow| {
        uow.query(sql, params).await
    })
    .await
}
