//! One way to the server and back.

use std::time::Duration;

use app::ports::StorageError;
use deadpool_postgres::{ClientWrapper, Object};
use tokio_postgres::Error;

use super::Database;
use crate::{
    error::{ends_connection, storage_error, takes_no_writes, unavailable},
    statement_spans::StatementSpans,
};

/// How old a connection is at least that is given up since its server takes no writes. The next one looks for the primary,
/// behind whatever name there is; but one that was opened a moment ago would only be followed by its like, for each write.
const READ_ONLY_FOR_LONG: Duration = Duration::from_secs(1);

/// Why a way to the server led to nothing.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The server has refused, and goes on with the connection.
    Refused(Error),
    /// There was no answer: whether anything was done is not known.
    Unanswered(StorageError),
}

impl From<Trouble> for StorageError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused(error) => storage_error(error),
            Trouble::Unanswered(why) => why,
        }
    }
}

/// Works with a connection, for so long at most. One that has ended, or has not answered in time, is given up: in whatever
/// state it is, nobody may get it again.
pub(crate) async fn round_trip<T>(
    held: &mut Option<Object>,
    deadline: Duration,
    sent: StatementSpans,
    work: impl AsyncFnOnce(&ClientWrapper) -> Result<T, Error>,
) -> Result<T, Trouble> {
    let Some(client) = held.as_ref() else {
        let gone = unavailable("the connection was given up");
        return Err(Trouble::Unanswered(gone));
    };
    let trouble = if let Ok(done) = tokio::time::timeout(deadline, work(client)).await {
        sent.end(&done);
        match done {
            Ok(done) => return Ok(done),
            Err(error) if !ends(client, &error) => return Err(Trouble::Refused(error)),
            Err(error) => storage_error(error),
        }
    } else {
        sent.fail("timeout");
        unavailable("PostgreSQL did not answer in time")
    };
    drop(held.take().map(Object::take));
    Err(Trouble::Unanswered(trouble))
}

/// Whether nothing more is to be asked by this connection.
fn ends(client: &Object, error: &Error) -> bool {
    let is_young = || Object::metrics(client).age() < READ_ONLY_FOR_LONG;
    ends_connection(error) || (takes_no_writes(error) && !is_young())
}

impl Database {
    /// Sends statements by a connection of the pool, and waits for their answers within the deadline of a query.
    pub(crate) async fn round_trip<T>(
        &self,
        statements: &[&str],
        work: impl AsyncFnOnce(&ClientWrapper) -> Result<T, Error>,
    ) -> Result<T, Trouble> {
        let client = self.connection().await.map_err(Trouble::Unanswered)?;
        let sent = StatementSpans::of(statements.iter().copied());
        round_trip(&mut Some(client), self.deadline(), sent, work).await
    }
}
