//! What a database error means to the application.

use std::{error::Error as _, io};

use app::ports::StorageError;
use rustls::CertificateError;
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

/// Whether the server takes no writes (25006): it is a standby, perhaps since a moment ago, or somebody has said so.
pub(crate) fn takes_no_writes(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION)
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

/// Why a server was not spoken to by TLS, if that is for a reason that does not pass by itself.
pub(crate) fn distrust(error: &tokio_postgres::Error) -> Option<String> {
    const NO_TLS: &str = "server does not support TLS";
    let mut cause = error.source();
    while let Some(current) = cause {
        if current.to_string() == NO_TLS {
            return Some(
                "it does not offer TLS, which sslmode=require and verify-full ask for".to_owned(),
            );
        }
        let broken = current
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        if let Some(rustls::Error::InvalidCertificate(why)) =
            broken.and_then(|broken| broken.downcast_ref())
        {
            return Some(distrust_of(why));
        }
        cause = current.source();
    }
    None
}

fn distrust_of(why: &CertificateError) -> String {
    match why {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "its certificate is not of an authority that is trusted; sslrootcert=<file> in the URL names others"
                .to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("its certificate is for another host ({why})")
        }
        _ => format!("its certificate is not valid ({why})"),
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
