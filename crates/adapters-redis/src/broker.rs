//! The broker `redis`: Redis Streams, one per kind of aggregate and shard.
//!
//! Ids of entries are `<place in the log>-<n>`, so Redis itself refuses what is published again. It may lose everything: what
//! it had confirmed is noticed to be missing, and comes again from the log, behind the place up to which every group is done.

mod entry;
mod keys;
mod link;
mod membership;
mod publisher;
mod reader;
mod subscription;
mod upkeep;
mod watch;

use std::{path::PathBuf, sync::Arc, time::Duration};

use app::ports::{BrokerError, BrokerMemory, ConsumerGroup, EventSource, Subscription};
use async_trait::async_trait;
use redis::Client;

pub use self::publisher::RedisPublisher;
use self::{keys::Keys, link::Link, membership::Membership, subscription::RedisSubscription};
use crate::{
    address::client_of,
    pool::{InvalidRedisUrl, RedisFailure},
};

/// How a Redis is used as a broker.
#[derive(Clone)]
pub struct RedisBrokerOptions {
    /// `redis://`, `rediss://` (TLS by rustls: a crypto provider MUST be installed in the process), or `redis+unix://`.
    pub url: String,
    /// The certificates, in PEM, of the authorities that are trusted by `rediss://`; the system's if there is no such file.
    pub authorities: Option<PathBuf>,
    /// What every key starts with, so that several deployments can share one Redis.
    pub namespace: String,
    /// How long an answer is waited for.
    pub deadline: Duration,
    /// How long a member that says nothing keeps its shards.
    pub lease: Duration,
    /// Groups that come some time: what is published is kept for them from the beginning.
    pub groups: Vec<ConsumerGroup>,
}

impl RedisBrokerOptions {
    /// The defaults: namespace `tallystick`, 5 s for an answer, 6 s for a member that says nothing, nobody who is to come.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            authorities: None,
            namespace: "tallystick".to_owned(),
            deadline: Duration::from_secs(5),
            lease: Duration::from_secs(6),
            groups: Vec::new(),
        }
    }
}

/// A Redis that events go through.
#[derive(Clone)]
pub struct RedisBroker {
    shared: Arc<Shared>,
}

struct Shared {
    client: Client,
    keys: Keys,
    /// For everything that is answered at once. Whoever waits for events has a connection of his own.
    link: Link,
    deadline: Duration,
    lease: Duration,
    groups: Vec<ConsumerGroup>,
}

impl RedisBroker {
    /// One that is connected to when it is first used: it need not be there yet.
    pub fn open(options: RedisBrokerOptions) -> Result<Self, InvalidRedisUrl> {
        let RedisBrokerOptions {
            url,
            authorities,
            namespace,
            deadline,
            lease,
            groups,
        } = options;
        let client = client_of(&url, authorities.as_deref())?;
        Ok(Self {
            shared: Arc::new(Shared {
                link: Link::new(client.clone(), deadline),
                client,
                keys: Keys::of(&namespace),
                deadline,
                lease,
                groups,
            }),
        })
    }

    /// Publishes to it. MUST be called on a runtime: what every group is done with is removed in the background.
    pub fn publisher(&self, memory: Arc<dyn BrokerMemory>) -> RedisPublisher {
        RedisPublisher::start(self.shared.clone(), memory)
    }
}

impl Shared {
    /// A connection for somebody who waits.
    fn dedicated_link(&self) -> Link {
        Link::new(self.client.clone(), self.deadline)
    }
}

#[async_trait]
impl EventSource for RedisBroker {
    async fn subscribe(&self, group: ConsumerGroup) -> Result<Box<dyn Subscription>, BrokerError> {
        let membership = Membership::enter(self.shared.clone(), group.name);
        let membership = membership.await.map_err(unavailable)?;
        let subscription = RedisSubscription::new(self.shared.clone(), membership, group);
        Ok(Box::new(subscription))
    }
}

fn unavailable(failure: RedisFailure) -> BrokerError {
    BrokerError::Unavailable(Box::new(failure))
}
