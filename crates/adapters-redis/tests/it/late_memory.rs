//! What is known beside Redis is told late: something was published meanwhile.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use adapters_redis::{RedisBroker, RedisBrokerOptions};
use app::{
    events::EventPosition,
    ports::{BrokerMemory, EventSink, GroupPlace, SinkUnavailable, StorageError, Stretch},
    testing::{MemoryLog, logged_event},
};
use async_trait::async_trait;
use tokio::sync::Semaphore;

use crate::redis_server::{RedisServer, eventually};

/// Looks at once, and tells whoever asks first not before it is let go.
struct LateMemory {
    log: MemoryLog,
    asked: AtomicUsize,
    first: Semaphore,
}

#[async_trait]
impl BrokerMemory for LateMemory {
    async fn expect_groups(&self, groups: &[&'static str]) -> Result<(), StorageError> {
        self.log.expect_groups(groups).await
    }

    async fn relayed(&self) -> Result<Vec<(i16, EventPosition)>, StorageError> {
        self.log.relayed().await
    }

    async fn find_quiet(&self, stretches: &[Stretch]) -> Result<Vec<i16>, StorageError> {
        self.log.find_quiet(stretches).await
    }

    async fn last_published(&self, shard: i16) -> Result<EventPosition, StorageError> {
        let seen = self.log.last_published(shard).await;
        if self.asked.fetch_add(1, Ordering::SeqCst) == 0 {
            self.first.acquire().await.expect("it is open").forget();
        }
        seen
    }

    async fn note_places(
        &self,
        places: &[GroupPlace],
    ) -> Result<Vec<(i16, EventPosition)>, StorageError> {
        self.log.note_places(places).await
    }
}

#[tokio::test]
async fn what_was_published_meanwhile_is_not_forgotten() {
    let server = RedisServer::start();
    let broker = RedisBroker::open(RedisBrokerOptions::new(server.url())).unwrap();
    let memory = Arc::new(LateMemory {
        log: MemoryLog::default(),
        asked: AtomicUsize::new(0),
        first: Semaphore::new(0),
    });
    let publisher = broker.publisher(memory.clone());
    let asked = async || memory.asked.load(Ordering::SeqCst);
    eventually("upkeep asks about shard 0", async || asked().await == 1).await;

    publisher.deliver(&[logged_event(1, 0, 1)]).await.unwrap();
    memory.first.add_permits(1);
    eventually("upkeep has looked at every shard", async || {
        asked().await == 17
    })
    .await;
    server.ask::<()>(&["FLUSHALL"]);

    eventually("the loss is seen", async || {
        let lost = publisher.look_back().await;
        matches!(lost, Err(SinkUnavailable::Lost(shards)) if shards.len() == 1 && shards[0].shard == 0)
    })
    .await;
}
