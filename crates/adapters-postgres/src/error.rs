//! What a database error means to the application.

use app::ports::StorageError;
use tokio_postgres::error::{DbError, Severity, SqlState};

/// Whether the whole transaction may simply be run again: a concurrent writer won.
///
/// A unique violation is a lost race as well: every statement that can meet one either looks first or says
/// `ON CONFLICT`, so the other row was committed in between.
pub(crate) fn is_lost_race(error: &tokio_postgres::Error) -> bool {
    matches!(
        error.code(),
        Some(
            &SqlState::T_R_SERIALIZATION_FAILURE
                | &SqlState::T_R_DEADLOCK_DETECTED
                | &SqlState::UNIQUE_VIOLATION
        )
    )
}

/// Whether the connection is of no use after this error: everything but a statement that the server has refused.
pub(crate) fn ends_connection(error: &tokio_postgres::Error) -> bool {
    let severity = error.as_db_error().and_then(DbError::parsed_severity);
    severity != Some(Severity::Error)
}

/// What a failed statement is to the application.
pub(crate) fn storage_error(error: tokio_postgres::Error) -> StorageError {
    /// "Data exception": a value that cannot be what the statement takes it for, now or later.
    const DATA_EXCEPTION: &str = "22";
    /// "Syntax error or access rule violation": a statement that does not fit the schema, now or later.
    const WRONG_STATEMENT: &str = "42";
    match error.code() {
        Some(&SqlState::LOCK_NOT_AVAILABLE) => StorageError::Contended { attempts: 1 },
        Some(
            &SqlState::CHECK_VIOLATION
            | &SqlState::FOREIGN_KEY_VIOLATION
            | &SqlState::NOT_NULL_VIOLATION,
        ) => corrupt("row that was to be written", without_values(error)),
        Some(state) if state.code().starts_with(DATA_EXCEPTION) => {
            corrupt("value", without_values(error))
        }
        Some(state) if state.code().starts_with(WRONG_STATEMENT) => {
            corrupt("schema", without_values(error))
        }
        Some(_) | None => unavailable(without_values(error)),
    }
}

/// What the server has said, without its details, which quote rows: errors are logged.
#[derive(Debug, thiserror::Error)]
#[error("{message} ({code})")]
struct Said {
    message: String,
    code: String,
}

fn without_values(error: tokio_postgres::Error) -> Box<dyn std::error::Error + Send + Sync> {
    match error.as_db_error() {
        Some(said) => Box::new(Said {
            message: said.message().to_owned(),
            code: said.code().code().to_owned(),
        }),
        None => Box::new(error),
    }
}

pub(crate) fn unavailable(
    error: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>,
) -> StorageError {
    StorageError::Unavailable(error.into())
}

pub(crate) fn corrupt(
    entity: &'static str,
    error: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>,
) -> StorageError {
    StorageError::Corrupt {
        entity,
        source: error.into(),
    }
}
