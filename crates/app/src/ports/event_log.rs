//! The log of everything that happened, in the order in which it is published.

use async_trait::async_trait;
use domain::ids::OrganizationId;
use jiff::Timestamp;
use uuid::Uuid;

use super::{AggregateKind, StorageError};
use crate::{
    events::{EventPosition, LoggedEvent, TypePattern},
    paging::Limit,
};

/// Which events are wanted. What is `None` or empty excludes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Of a type that fits one of these.
    pub types: Vec<TypePattern>,
    /// Of aggregates of this kind.
    pub kind: Option<AggregateKind>,
    /// Of this one aggregate.
    pub aggregate_id: Option<Uuid>,
    /// That happened then or later.
    pub from: Option<Timestamp>,
    /// That happened then or earlier.
    pub to: Option<Timestamp>,
}

/// A piece of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPage {
    /// What was found, in order.
    pub events: Vec<LoggedEvent>,
    /// Where to read on: behind everything that was looked at, found or not.
    pub end: EventPosition,
    /// Whether there may be more behind `end` already.
    pub has_more: bool,
}

/// Reads the log of one organization.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait EventLog: Send + Sync {
    /// The events behind `after` that the filter lets through.
    ///
    /// Positions MUST be given in an order in which each aggregate's versions ascend, and no event may ever appear before
    /// a position that somebody was given as `end`, however late its transaction commits.
    async fn list_events(
        &self,
        organization_id: OrganizationId,
        filter: &EventFilter,
        after: EventPosition,
        limit: Limit,
    ) -> Result<EventPage, StorageError>;

    /// Where the log ends now.
    async fn end(&self) -> Result<EventPosition, StorageError>;
}
