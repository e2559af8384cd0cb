//! What things are called in Redis.
//!
//! What a script touches together has one hash tag, so that a cluster keeps it on one node.

use app::ports::AggregateKind;

/// The names of one deployment.
pub(super) struct Keys {
    namespace: String,
}

impl Keys {
    pub(super) fn of(namespace: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
        }
    }

    /// The events of a kind in a shard.
    pub(super) fn stream(&self, kind: AggregateKind, shard: i16) -> String {
        format!("{}:events:{{{shard}}}:{}", self.namespace, kind.code())
    }

    /// All streams of a shard, in the order of [`AggregateKind::ALL`].
    pub(super) fn streams(&self, shard: i16) -> impl Iterator<Item = String> {
        AggregateKind::ALL
            .into_iter()
            .map(move |kind| self.stream(kind, shard))
    }

    /// Up to where a shard was published, and which streams it has: what must be there as long as nothing is lost.
    pub(super) fn marker(&self, shard: i16) -> String {
        format!("{}:events:{{{shard}}}", self.namespace)
    }

    /// The members of a group, by the time at which each is taken for dead.
    pub(super) fn members(&self, group: &str) -> String {
        format!("{}:readers:{{{group}}}:members", self.namespace)
    }

    /// Which member of a group reads which shard.
    pub(super) fn holders(&self, group: &str) -> String {
        format!("{}:readers:{{{group}}}:holders", self.namespace)
    }
}
