//! What the parameters of statements are: to be known before a statement can be sent as a whole, in one go.
//!
//! They are asked for once per statement and process, on a session past the pooler: there, a statement may have a name.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use app::ports::StorageError;
use deadpool_postgres::ClientWrapper;
use tokio::sync::Mutex;
use tokio_postgres::types::Type;

use super::{DatabaseOptions, direct::session_at};
use crate::error::{storage_error, unavailable};

type Known = HashMap<Box<str>, Arc<[Type]>>;

/// The types of all statements that were sent so far.
pub(super) struct ParameterTypes {
    known: RwLock<Known>,
    /// Where the session leads.
    options: DatabaseOptions,
    session: Mutex<Option<ClientWrapper>>,
}

impl ParameterTypes {
    /// None yet; to be asked of the database of these options.
    pub(super) fn asked_of(options: DatabaseOptions) -> Self {
        Self {
            known: RwLock::default(),
            options,
            session: Mutex::const_new(None),
        }
    }

    /// Those of a statement that was learnt.
    pub(super) fn of(&self, sql: &str) -> Option<Arc<[Type]>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(sql).map(Arc::clone)
    }

    /// Makes sure that those of a statement are known.
    pub(super) async fn learn(&self, sql: &str) -> Result<(), StorageError> {
        if self.of(sql).is_some() {
            return Ok(());
        }
        let asking = tokio::time::timeout(self.options.query_deadline, self.ask(sql));
        let answered = asking.await;
        answered.map_err(|_late| unavailable("PostgreSQL did not answer in time"))?
    }

    async fn ask(&self, sql: &str) -> Result<(), StorageError> {
        let mut place = self.session.lock().await;
        if self.of(sql).is_some() {
            return Ok(());
        }
        // Whoever stops waiting, or fails, leaves none behind: the next one opens another.
        let session = match place.take().filter(|session| !session.is_closed()) {
            Some(session) => session,
            None => session_at(&self.options).await?,
        };
        let statement = session.prepare(sql).await.map_err(storage_error)?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(sql.into(), statement.params().into());
        drop(known);
        *place = Some(session);
        Ok(())
    }
}
