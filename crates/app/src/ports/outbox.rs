//! The transactional outbox.

use async_trait::async_trait;
use domain::{actor::Actor, event::DomainEvent};

use super::StorageError;

/// What happened, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait Outbox: Send {
    /// Appends events: they MUST be stored if and only if the transaction commits, both for delivery and in the timelines
    /// of their aggregates, together with who caused them.
    async fn append(&mut self, events: Vec<DomainEvent>, by: &Actor) -> Result<(), StorageError>;
}
