//! What is known of a broker beside the broker: how far events have come through it, in a place that outlives it.

use async_trait::async_trait;

use super::StorageError;
use crate::events::EventPosition;

/// Up to where a group of consumers has acknowledged everything of a shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPlace {
    /// The group.
    pub group: String,
    /// The shard.
    pub shard: i16,
    /// Up to where.
    pub done: EventPosition,
}

/// A piece of a shard of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The shard.
    pub shard: i16,
    /// It begins behind this place.
    pub after: EventPosition,
    /// It ends with this one.
    pub through: EventPosition,
}

/// Remembers how far a broker has come, so that it can be filled again when it has lost something.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait BrokerMemory: Send + Sync {
    /// Has events be kept for groups that have not come yet: they are done with nothing. A group that is known already, or
    /// that somebody had forgotten, MUST be left as it is.
    async fn expect_groups(&self, groups: &[&'static str]) -> Result<(), StorageError>;

    /// Up to where the relay has dealt with each shard that it reads, be it that nothing has happened there.
    async fn relayed(&self) -> Result<Vec<(i16, EventPosition)>, StorageError>;

    /// The shards of those stretches in which nothing was published, or is to be: dead letters of the relay are not, nor is
    /// what waits behind them.
    async fn find_quiet(&self, stretches: &[Stretch]) -> Result<Vec<i16>, StorageError>;

    /// The place of the last event of a shard that the relay was told is taken.
    async fn last_published(&self, shard: i16) -> Result<EventPosition, StorageError>;

    /// Remembers how far groups have come; a place that is behind the one that is known MUST not replace it.
    ///
    /// Tells of each shard that a group is known of up to where nothing will be asked for again: neither by any group that
    /// was ever noted, nor by the relay.
    async fn note_places(
        &self,
        places: &[GroupPlace],
    ) -> Result<Vec<(i16, EventPosition)>, StorageError>;
}
