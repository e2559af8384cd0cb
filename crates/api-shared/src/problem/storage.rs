//! What a client is told when the storage fails.

use app::ports::StorageError;

use super::{
    Refusal,
    catalogue::{CONCURRENT_CHANGE, INTERNAL_ERROR, UNAVAILABLE},
};

impl From<&StorageError> for Refusal {
    fn from(error: &StorageError) -> Self {
        let kind = match error {
            StorageError::Unavailable(_) => &UNAVAILABLE,
            StorageError::Contended { .. } => &CONCURRENT_CHANGE,
            StorageError::Corrupt { .. } => &INTERNAL_ERROR,
        };
        Self::of(kind).caused_by(error)
    }
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        Self::from(&error)
    }
}
