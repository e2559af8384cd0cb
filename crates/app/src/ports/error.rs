//! The one error a storage port may return.

type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Why the storage could not do what was asked. Never a business outcome.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// It could not be reached, broke off, or took too long.
    #[error("the storage is unavailable")]
    Unavailable(#[source] BoxError),
    /// Concurrent writers kept winning until the transactor gave up, or one held a lock for too long.
    #[error("gave up after {attempts} attempts because of concurrent writers")]
    Contended {
        /// How many attempts were made.
        attempts: u32,
    },
    /// A row does not hold what the domain allows.
    #[error("the stored {entity} is not valid")]
    Corrupt {
        /// What was being read.
        entity: &'static str,
        /// What is wrong with it.
        #[source]
        source: BoxError,
    },
}
