//! The schema: its migrations, and whether it is the one that this program knows.

use refinery::{Migration, Runner};
use tokio_postgres::{Client, Config, NoTls, Socket, tls::MakeTlsConnect};

use super::{Database, OpenError, tls};
use crate::error::distrust;

mod embedded {
    refinery::embed_migrations!("../../migrations");
}

/// Everybody who migrates takes turns by this lock: the ASCII codes of "tally".
const LOCK: &str = "SELECT pg_advisory_lock(499968436345)";

/// What the database holds, compared with what this program knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// The same.
    Current,
    /// Less: these migrations are missing.
    Behind(Vec<String>),
    /// More: these migrations are of a newer release.
    Ahead(Vec<String>),
    /// These migrations are known, but are not the same: somebody changed them.
    Drifted(Vec<String>),
}

/// Why the schema could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The options do not lead to a database.
    #[error(transparent)]
    Options(OpenError),
    /// The database could not be reached.
    #[error("the database could not be reached")]
    Unreachable(#[source] tokio_postgres::Error),
    /// It is not who it should be, or does not speak TLS: nothing is said to it, and waiting does not help.
    #[error("the database was not spoken to: {0}")]
    Untrusted(String),
    /// A migration failed; it has changed nothing.
    #[error("a migration failed")]
    Failed(#[source] Box<refinery::Error>),
    /// The database is of a newer release.
    #[error(
        "the database has migrations that this release does not know ({0:?}): run the newer release"
    )]
    Ahead(Vec<String>),
    /// Applied migrations differ from those of this release.
    #[error("applied migrations differ from those of this release: {0:?}")]
    Drifted(Vec<String>),
}

impl Database {
    /// Applies what is missing, one process at a time. Returns how many migrations that were.
    pub async fn migrate(&self) -> Result<usize, MigrationError> {
        let mut client = self.single_connection().await?;
        client
            .batch_execute(LOCK)
            .await
            .map_err(MigrationError::Unreachable)?;
        let applied = applied_migrations(&mut client).await?;
        match compare(&applied) {
            SchemaState::Current => return Ok(0),
            SchemaState::Ahead(newer) => return Err(MigrationError::Ahead(newer)),
            SchemaState::Drifted(different) => return Err(MigrationError::Drifted(different)),
            SchemaState::Behind(_) => {}
        }
        let report = runner().run_async(&mut client).await;
        let report = report.map_err(|error| MigrationError::Failed(Box::new(error)))?;
        Ok(report.applied_migrations().len())
    }

    /// Compares the database with what this program knows.
    pub async fn schema_state(&self) -> Result<SchemaState, MigrationError> {
        let mut client = self.single_connection().await?;
        Ok(compare(&applied_migrations(&mut client).await?))
    }

    /// A connection of its own past any pooler, without the time limits of the pool: a migration may take long. Its lock ends
    /// with it.
    async fn single_connection(&self) -> Result<Client, MigrationError> {
        let options = self.options.direct();
        let config = options.patient_config().map_err(MigrationError::Options)?;
        let tls = tls::connector_for(&config, &options.url).map_err(MigrationError::Options)?;
        if let Some(tls) = tls {
            connect(&config, tls).await
        } else {
            connect(&config, NoTls).await
        }
    }
}

async fn connect<T>(config: &Config, tls: T) -> Result<Client, MigrationError>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let connected = config.connect(tls).await;
    let (client, connection) = connected.map_err(|error| match distrust(&error) {
        Some(why) => MigrationError::Untrusted(why),
        None => MigrationError::Unreachable(error),
    })?;
    // It ends with the client; what breaks it off is told to the statement that meets it.
    let _running = tokio::spawn(connection);
    Ok(client)
}

fn runner() -> Runner {
    embedded::migrations::runner()
}

async fn applied_migrations(client: &mut Client) -> Result<Vec<Migration>, MigrationError> {
    let exists = "SELECT to_regclass('refinery_schema_history') IS NOT NULL";
    let row = client
        .query_one(exists, &[])
        .await
        .map_err(MigrationError::Unreachable)?;
    if !row.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let applied = runner().get_applied_migrations_async(client).await;
    applied.map_err(|error| MigrationError::Failed(Box::new(error)))
}

fn compare(applied: &[Migration]) -> SchemaState {
    let runner = runner();
    let known = runner.get_migrations();
    let beyond: Vec<String> = applied
        .iter()
        .filter(|it| !known.iter().any(|own| own.version() == it.version()))
        .map(ToString::to_string)
        .collect();
    let different: Vec<String> = applied
        .iter()
        .filter(|it| {
            known
                .iter()
                .any(|own| own.version() == it.version() && own != *it)
        })
        .map(ToString::to_string)
        .collect();
    let missing: Vec<String> = known
        .iter()
        .filter(|own| !applied.iter().any(|it| it.version() == own.version()))
        .map(ToString::to_string)
        .collect();
    if !beyond.is_empty() {
        SchemaState::Ahead(beyond)
    } else if !different.is_empty() {
        SchemaState::Drifted(different)
    } else if missing.is_empty() {
        SchemaState::Current
    } else {
        SchemaState::Behind(missing)
    }
}
