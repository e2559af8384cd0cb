//! What a client is told when the key of its request is in use.

use app::idempotency::OnceError;

use super::{
    Refusal,
    catalogue::{IDEMPOTENCY_IN_PROGRESS, IDEMPOTENCY_KEY_REUSED},
};

impl From<OnceError> for Refusal {
    fn from(error: OnceError) -> Self {
        match error {
            OnceError::KeyReused => Self::of(&IDEMPOTENCY_KEY_REUSED),
            OnceError::InProgress => Self::of(&IDEMPOTENCY_IN_PROGRESS),
            OnceError::Storage(error) => Self::from(error),
        }
    }
}
