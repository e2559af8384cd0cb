//! Time and ids that tests know beforehand, and a storage that is known to fail.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::ports::{Clock, IdGenerator, StorageError};

/// When tests take place, unless they say otherwise.
pub const NOW: &str = "2026-11-20T12:00:00Z";

/// A clock that stands still until it is moved.
pub struct FixedClock {
    microseconds: AtomicI64,
}

impl FixedClock {
    /// A clock that stands at an instant, such as [`NOW`].
    ///
    /// # Panics
    /// When that is no instant.
    pub fn at(instant: &str) -> Arc<Self> {
        let instant: Timestamp = instant.parse().expect("an instant");
        Arc::new(Self {
            microseconds: AtomicI64::new(instant.as_microsecond()),
        })
    }

    /// Moves it forward.
    pub fn advance(&self, by: SignedDuration) {
        let microseconds = i64::try_from(by.as_micros()).unwrap_or_default();
        self.microseconds.fetch_add(microseconds, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        let microseconds = self.microseconds.load(Ordering::SeqCst);
        Timestamp::from_microsecond(microseconds).unwrap_or_default()
    }
}

/// Ids 1, 2, 3 …
#[derive(Default)]
pub struct SequentialIds {
    last: AtomicU64,
}

impl IdGenerator for SequentialIds {
    fn new_id(&self) -> Uuid {
        let next = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        Uuid::from_u128(u128::from(next))
    }
}

/// What a port answers when the storage is out of reach.
pub fn out_of_reach<T>() -> Result<T, StorageError> {
    Err(StorageError::Unavailable("out of reach".into()))
}
