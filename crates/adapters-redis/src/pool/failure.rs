//! Why Redis did not do what was asked.

use std::{io, path::Path, time::Duration};

use redis::RedisError;

type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Redis did not do what was asked. Nothing that matters may depend on it.
#[derive(Debug, thiserror::Error)]
pub enum RedisFailure {
    /// It failed a moment ago, and has not answered since.
    #[error("Redis failed before and is left alone for now")]
    CoolingDown,
    /// It did not answer in time.
    #[error("Redis did not answer within {} ms", deadline.as_millis())]
    TimedOut {
        /// How long it was waited for.
        deadline: Duration,
    },
    /// There is no connection, or it broke.
    #[error("there is no connection to Redis")]
    Disconnected(#[source] BoxError),
    /// It answered that it cannot.
    #[error("Redis refused")]
    Refused(#[source] BoxError),
}

impl RedisFailure {
    /// A connection could not be opened, whatever the reason: a wrong password, too, fails for the next caller as well.
    pub(crate) fn to_connect(error: RedisError) -> Self {
        Self::Disconnected(Box::new(error))
    }

    /// Whether the next call has no better prospects.
    pub(crate) const fn is_of_the_connection(&self) -> bool {
        match self {
            Self::CoolingDown | Self::TimedOut { .. } | Self::Disconnected(_) => true,
            Self::Refused(_) => false,
        }
    }

    /// Whether a stream, or a group of its readers, is not there any more.
    pub(crate) fn is_about_a_lost_stream(&self) -> bool {
        let Self::Refused(cause) = self else {
            return false;
        };
        let error = cause.downcast_ref::<RedisError>();
        error
            .and_then(RedisError::code)
            .is_some_and(|code| matches!(code, "NOGROUP" | "UNBLOCKED"))
    }
}

impl From<RedisError> for RedisFailure {
    fn from(error: RedisError) -> Self {
        if is_lost(&error) {
            Self::Disconnected(Box::new(error))
        } else {
            Self::Refused(Box::new(error))
        }
    }
}

/// Whether the connection is of no use any more.
pub(super) fn is_lost(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error()
}

/// The address of Redis is not one. The message does not show it: it may hold a password.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct InvalidRedisUrl {
    message: String,
}

impl InvalidRedisUrl {
    pub(crate) fn because(error: &RedisError) -> Self {
        Self {
            message: format!("the address of Redis is not one: {error}"),
        }
    }

    /// The authorities that are to be trusted with it cannot be read.
    pub(crate) fn for_want_of(authorities: &Path, error: &io::Error) -> Self {
        let file = authorities.display();
        Self {
            message: format!(
                "the authorities that are trusted with Redis cannot be read from {file}: {error}"
            ),
        }
    }
}
