//! What a database error means to the application.

use app::ports::StorageError;
use tokio_postgres::error::SqlState;

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

/// What a failed statement is to the application.
pub(crate) fn storage_error(error: tokio_postgres::Error) -> StorageError {
    match error.code() {
        Some(&SqlState::LOCK_NOT_AVAILABLE) => StorageError::Contended { attempts: 1 },
        Some(
            &SqlState::CHECK_VIOLATION
            | &SqlState::FOREIGN_KEY_VIOLATION
            | &SqlState::NOT_NULL_VIOLATION,
        ) => corrupt("row that was to be written", error),
        _ => unavailable(error),
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
