//! The broker: how events reach whoever wants them.

use std::time::Duration;

use async_trait::async_trait;

use super::AggregateKind;
use crate::events::{EventPosition, LoggedEvent};

type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Why a broker could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// It could not be reached, broke off, or took too long. Nobody knows what of it was done.
    #[error("the broker is unavailable")]
    Unavailable(#[source] BoxError),
    /// Another member has taken over: what was received is not this one's any more.
    #[error("another member of the group has taken over")]
    TakenOver,
}

/// What became of one event that was delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// It was taken, and stays taken after a crash.
    Taken,
    /// It cannot be taken as it is. Tells why. It may be tried again, but nothing else needs to wait for it.
    Refused(String),
}

/// The sink could take nothing at the moment. Nobody knows what of it was done.
#[derive(Debug, thiserror::Error)]
pub enum SinkUnavailable {
    /// It is away, or has no room.
    #[error("events cannot be delivered at the moment")]
    Away(#[source] BoxError),
    /// It has lost events of some shards that it had taken. It takes no more of these before everything behind their places
    /// has come again.
    #[error("events of {} shards were lost by whoever had taken them", .0.len())]
    Lost(Vec<LostShard>),
}

/// A shard of which events were lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LostShard {
    /// The shard.
    pub shard: i16,
    /// Everything behind this place is needed again.
    pub resume_after: EventPosition,
}

/// Where events are brought: the broker for the relay, the effect for a consumer.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait EventSink: Send + Sync {
    /// Takes events and tells of each, in their order, what became of it.
    ///
    /// Two events of one aggregate MUST take effect in the order in which they are given here. The same event MAY be
    /// given again, and MUST have its effect once (or, where the sink is a broker, be recognisable by its id). `Taken` MUST
    /// not be told before it would survive a crash.
    async fn deliver(&self, events: &[LoggedEvent]) -> Result<Vec<Delivered>, SinkUnavailable>;

    /// Whether it takes nothing of an aggregate behind what it refuses, and refuses that as well. It is given everything in
    /// the order of the log then; else no aggregate twice at once.
    fn refuses_what_comes_behind(&self) -> bool {
        false
    }

    /// Whether it only hands events on, for somebody else to take.
    fn hands_on(&self) -> bool {
        false
    }

    /// Tells whether what was taken is still there; asked when there is nothing to deliver.
    async fn look_back(&self) -> Result<(), SinkUnavailable> {
        Ok(())
    }
}

/// Who reads: all members of a group share its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsumerGroup {
    /// Its name: `validator`.
    pub name: &'static str,
    /// Aggregates of which kinds it wants to hear of.
    pub kinds: &'static [AggregateKind],
    /// Which of their events are of use to it.
    pub use_for: UseFor,
}

impl ConsumerGroup {
    /// Whether it wants events of every kind that there is, also of those that only a later release knows. A source that
    /// comes to one of these MUST NOT pass over it: it is left, with what comes behind it in its shard, to a member that
    /// knows it.
    pub const fn wants_all_kinds(&self) -> bool {
        self.kinds.len() == AggregateKind::ALL.len()
    }
}

/// Which events are of use to a group. A source that knows better MAY leave out the others: nothing would come of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseFor {
    /// All of them.
    All,
    /// Those of organizations that have an endpoint of webhooks which is not disabled.
    OrganizationsThatListen,
    /// Those of payments and refunds that a worker has to look at, now or later.
    WorkThatIsDue,
}

/// Where consumers get their events.
#[async_trait]
pub trait EventSource: Send + Sync {
    /// Makes the caller a member of a group. A group that nobody was in before begins with the first event there is.
    async fn subscribe(&self, group: ConsumerGroup) -> Result<Box<dyn Subscription>, BrokerError>;
}

/// One member of a group.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait Subscription: Send {
    /// The next events: at most `max`, none when there were none for as long as `wait`.
    ///
    /// Events of one aggregate MUST come in their order, and to one member of the group at a time. What was received and
    /// not acknowledged MUST come again: to this member the next time it asks, to another one within ten seconds of this
    /// one's death.
    async fn receive(
        &mut self,
        max: usize,
        wait: Duration,
    ) -> Result<Vec<LoggedEvent>, BrokerError>;

    /// Everything that was received last is done, and MUST not be needed again by this group.
    async fn acknowledge(&mut self) -> Result<(), BrokerError>;

    /// Goes back: everything of a shard behind `after` comes again, if this member reads that shard. Where it cannot be
    /// told whether this has been done, what comes next MUST be what is stored.
    async fn rewind(&mut self, shard: i16, after: EventPosition) -> Result<(), BrokerError> {
        let refusal = format!("nobody can go back to {} in shard {shard}", after.as_i64());
        Err(BrokerError::Unavailable(refusal.into()))
    }

    /// Leaves the group, so that others need not wait until this member is taken for dead.
    async fn leave(&mut self);
}

/// How a broker is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BrokerCondition {
    /// It answers, and took so long.
    Well(Duration),
    /// It does not answer. Events wait meanwhile.
    Away,
    /// It answers, and must not be used as it is set up. Tells why.
    Unsuitable(String),
}

impl BrokerCondition {
    /// Whether it must not be used.
    pub const fn is_unsuitable(&self) -> bool {
        matches!(self, Self::Unsuitable(_))
    }
}

/// Looks after a broker.
#[async_trait]
pub trait BrokerWatch: Send + Sync {
    /// How it is now.
    async fn look(&self) -> BrokerCondition;
}
