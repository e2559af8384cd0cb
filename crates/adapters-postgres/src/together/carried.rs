//! One group, to the server and back.

use std::iter;

use deadpool_postgres::ClientWrapper;
use tokio_postgres::{Error, types::ToSql};

use super::{Together, Written, columns::columns};
use crate::{
    database::{Sending, Trouble},
    error::unavailable,
    platform::DRAFT_AND_REMEMBER_SQL,
    unit_of_work::{Deferred, LostRace, borrowed},
};

/// What trouble is to the only writer.
pub(super) fn trouble_of_one(trouble: Trouble) -> Written {
    match trouble {
        Trouble::Refused(error) => match LostRace::told_by(&error) {
            Some(lost) => Ok(Err(lost)),
            None => Err(Trouble::Refused(error).into()),
        },
        trouble @ Trouble::Unanswered(_) => Err(trouble.into()),
    }
}

/// What it is to so many writers: an error can be given to one of them only, the others hear of it in words.
pub(super) fn trouble_of_each(trouble: Trouble, writers: usize) -> Vec<Written> {
    let first = trouble_of_one(trouble);
    let words = match &first {
        Err(why) => why.to_string(),
        Ok(_) => String::new(),
    };
    let others = iter::repeat_with(|| Err(unavailable(words.clone())));
    iter::once(first).chain(others).take(writers).collect()
}

/// The statement that writes as many as there are in the lists of its parameters, if there is one for such a write. Where
/// a single one would wait for somebody else's lock, it is refused.
pub(super) fn statement_for_many(sql: &str) -> Option<&'static str> {
    (sql == DRAFT_AND_REMEMBER_SQL.as_str()).then_some(crate::invoicing::DRAFTS)
}

impl Together {
    /// Writes all or nothing.
    pub(super) async fn write_all(&self, writes: &[Deferred]) -> Result<(), Trouble> {
        let sending = self.database.sending();
        let unknown = sending.unknown(statement_of(writes));
        sending.learn(unknown).await.map_err(Trouble::Unanswered)?;
        let sent = async |client: &ClientWrapper| send(&sending, client, writes).await;
        // Each is a part of the trace of whoever waits for it.
        self.database.round_trip(&[], sent).await
    }
}

/// The statement that writes all of these.
fn statement_of(writes: &[Deferred]) -> Option<&'static str> {
    match writes {
        [] => None,
        [only] => Some(only.sql),
        [first, ..] => Some(statement_for_many(first.sql).unwrap_or(first.sql)),
    }
}

async fn send(sending: &Sending, client: &ClientWrapper, writes: &[Deferred]) -> Result<(), Error> {
    let Some(sql) = statement_of(writes) else {
        return Ok(());
    };
    let statement = sending.prepare(client, sql).await?;
    if let [only] = writes {
        let params = borrowed(&only.params);
        let writing = statement.execute(client, &params);
        return sending.alone(client, writing).await.map(drop);
    }
    let columns = columns(writes);
    let params = columns
        .iter()
        .map(|column| -> &(dyn ToSql + Sync) { column });
    let params: Vec<_> = params.collect();
    let writing = statement.execute(client, &params);
    sending.alone(client, writing).await.map(drop)
}
