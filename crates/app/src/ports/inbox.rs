//! What consumers have already dealt with.

use std::collections::HashSet;

use async_trait::async_trait;
use domain::ids::EventId;

use super::StorageError;

/// The memory of consumers, as seen from inside the transaction of their effect.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait Inbox: Send {
    /// Notes that `consumer` deals with an event in this transaction, and tells whether it is the first time.
    ///
    /// Of several that ask at once, one MUST be told `true`; if its transaction does not commit, another one is.
    async fn is_new(
        &mut self,
        consumer: &'static str,
        event_id: EventId,
    ) -> Result<bool, StorageError>;

    /// The same for several events: those of which it is the first time.
    async fn keep_new(
        &mut self,
        consumer: &'static str,
        event_ids: &[EventId],
    ) -> Result<HashSet<EventId>, StorageError>;
}
