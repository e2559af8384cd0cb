//! Events that go through Redis Streams.

use std::{collections::HashMap, sync::Arc, time::Duration};

use adapters_redis::{RedisBroker, RedisBrokerOptions, RedisPublisher};
use app::{
    events::LoggedEvent,
    ports::{
        AggregateKind, BrokerCondition, BrokerWatch, ConsumerGroup, Delivered, EventSink,
        EventSource, Subscription, UseFor,
    },
    testing::{
        MemoryLog,
        contracts::{BrokerUnderTest, hold_broker_to_its_contract, hold_publisher_to_its_contract},
        logged_event,
    },
};
use async_trait::async_trait;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::redis_server::{RedisServer, eventually};

mod groups;

const GROUP: ConsumerGroup = ConsumerGroup {
    name: "reader",
    kinds: &[AggregateKind::Invoice],
    use_for: UseFor::All,
};
const WAIT: Duration = Duration::from_millis(100);

fn broker_on(server: &RedisServer, groups: &[ConsumerGroup]) -> RedisBroker {
    let options = RedisBrokerOptions {
        groups: groups.to_vec(),
        ..RedisBrokerOptions::new(server.url())
    };
    RedisBroker::open(options).unwrap()
}

/// A Redis that keeps nothing, and what brings events to it.
struct Stage {
    server: Mutex<RedisServer>,
    broker: RedisBroker,
    log: MemoryLog,
    publisher: Arc<RedisPublisher>,
}

impl Stage {
    fn new() -> Self {
        Self::expecting(&[])
    }

    /// With groups that come some time.
    fn expecting(groups: &[ConsumerGroup]) -> Self {
        let server = RedisServer::start();
        let broker = broker_on(&server, groups);
        let log = MemoryLog::default();
        Self {
            publisher: Arc::new(broker.publisher(Arc::new(log.clone()))),
            server: Mutex::new(server),
            broker,
            log,
        }
    }

    async fn ask<T: redis::FromRedisValue>(&self, command: &[&str]) -> T {
        self.server.lock().await.ask(command)
    }

    async fn entries(&self) -> usize {
        let streams: Vec<String> = self.ask(&["KEYS", "tallystick:events:*:*"]).await;
        let mut count = 0;
        for stream in streams {
            count += self.ask::<usize>(&["XLEN", &stream]).await;
        }
        count
    }

    /// Receives and acknowledges until there have been so many.
    async fn read(&self, member: &mut dyn Subscription, count: usize) -> Vec<LoggedEvent> {
        let mut read = Vec::new();
        eventually("all are read", async || {
            self.log.relay_to(self.publisher.clone()).await;
            read.extend(member.receive(100, WAIT).await.unwrap_or_default());
            member.acknowledge().await.is_ok() && read.len() >= count
        })
        .await;
        read
    }
}

#[async_trait]
impl BrokerUnderTest for Stage {
    fn source(&self) -> &dyn EventSource {
        &self.broker
    }

    async fn publish(&self, events: &[LoggedEvent]) {
        self.log.append(events);
        self.log.relay_to(self.publisher.clone()).await;
    }

    async fn restart(&self) {
        let mut server = self.server.lock().await;
        server.kill();
        server.start_again();
    }
}

/// Ids whose last bytes are 1, 2, 3 …
fn ids() -> impl FnMut() -> Uuid + Send {
    let mut last = 0_u128;
    move || {
        last += 1;
        Uuid::from_u128(last)
    }
}

/// Events at the places 1, 2, 3 … of so many invoices, two of each.
fn events(invoices: u8) -> Vec<LoggedEvent> {
    let of = |sequence| (0..invoices).map(move |invoice| (invoice, sequence));
    let all = of(1).chain(of(2));
    (1..)
        .zip(all)
        .map(|(position, (invoice, sequence))| logged_event(position, invoice, sequence))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_does_what_a_broker_has_to_also_when_it_forgets_everything_in_between() {
    let stage = Stage::new();

    hold_broker_to_its_contract(&stage, ids()).await;
}

#[tokio::test]
async fn what_is_published_again_is_there_once() {
    let stage = Stage::new();

    hold_publisher_to_its_contract(stage.publisher.as_ref(), &stage.broker, ids()).await;

    assert_eq!(stage.entries().await, 40);
}

#[tokio::test]
async fn what_every_group_is_done_with_is_removed_and_nothing_else() {
    let stage = Stage::new();
    let mut member = stage.broker.subscribe(GROUP).await.unwrap();
    stage.publish(&events(50)).await;
    let other = ConsumerGroup {
        name: "slow",
        ..GROUP
    };
    let mut slow = stage.broker.subscribe(other).await.unwrap();
    let waiting = slow.receive(1, WAIT * 20).await.unwrap();

    stage.read(member.as_mut(), 100).await;
    let shard = waiting[0].shard;
    eventually("it is known that the other group is not done", async || {
        stage.log.place_of("reader", shard) > stage.log.place_of("slow", shard)
    })
    .await;
    assert_eq!(stage.entries().await, 100);
    slow.acknowledge().await.unwrap();
    stage.read(slow.as_mut(), 99).await;

    eventually("all are removed", async || stage.entries().await == 0).await;
    stage.publish(&[logged_event(1_000, 7, 3)]).await;
    assert_eq!(stage.read(member.as_mut(), 1).await.len(), 1);
}

#[tokio::test]
async fn a_redis_that_was_emptied_is_filled_again_while_nothing_happens() {
    let stage = Stage::new();
    let mut member = stage.broker.subscribe(GROUP).await.unwrap();
    let events = events(20);
    stage.publish(&events[..10]).await;
    stage.read(member.as_mut(), 10).await;
    stage.publish(&events[10..]).await;

    stage.ask::<()>(&["FLUSHALL"]).await;

    let read = stage.read(member.as_mut(), 30).await;
    assert!(events[10..].iter().all(|it| read.contains(it)));
}

#[tokio::test]
async fn a_stream_that_was_deleted_is_made_and_filled_again() {
    let stage = Stage::new();
    let mut member = stage.broker.subscribe(GROUP).await.unwrap();
    stage.publish(&events(32)).await;

    let stream = "tallystick:events:{3}:invoice";
    assert_eq!(stage.ask::<usize>(&["DEL", stream]).await, 1);

    let read = stage.read(member.as_mut(), 64).await;
    assert!(events(32).iter().all(|it| read.contains(it)));
}

#[tokio::test]
async fn a_redis_without_room_takes_nothing_and_then_everything() {
    let stage = Stage::new();
    let mut member = stage.broker.subscribe(GROUP).await.unwrap();
    let events = events(100);
    stage.ask::<()>(&["CONFIG", "SET", "maxmemory", "1"]).await;

    let refused = stage.publisher.deliver(&events).await;
    let received = member.receive(100, WAIT).await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(received.unwrap(), []);

    stage.ask::<()>(&["CONFIG", "SET", "maxmemory", "0"]).await;
    let taken = stage.publisher.deliver(&events).await.unwrap();
    assert!(taken.iter().all(|it| *it == Delivered::Taken));
    let read = stage.read(member.as_mut(), 200).await;
    assert_eq!(read.len(), 200);
}

#[tokio::test]
async fn what_cannot_be_written_is_refused_and_holds_nobody_up() {
    let stage = Stage::new();
    let mut poison = logged_event(1, 1, 1);
    poison.event.data = "{".to_owned();

    let delivered = stage
        .publisher
        .deliver(&[poison, logged_event(2, 2, 1), logged_event(3, 1, 2)])
        .await
        .unwrap();

    assert!(matches!(delivered[0], Delivered::Refused(_)));
    assert_eq!(delivered[1], Delivered::Taken);
    assert!(matches!(delivered[2], Delivered::Refused(_)));
    assert_eq!(stage.entries().await, 1);
}

/// For readers of other makes, who trace without opening the event.
#[tokio::test]
async fn the_trace_of_an_event_stands_beside_it() {
    const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let stage = Stage::new();
    let mut traced = logged_event(1, 1, 1);
    traced.event.traceparent = Some(TRACE.to_owned());

    let events = [traced, logged_event(2, 2, 1)];
    stage.publisher.deliver(&events).await.unwrap();

    let streams: Vec<String> = stage.ask(&["KEYS", "tallystick:events:*:*"]).await;
    let mut beside = Vec::new();
    for stream in streams {
        let read = ["XRANGE", &stream, "-", "+"];
        let entries: Vec<(String, HashMap<String, String>)> = stage.ask(&read).await;
        let found = entries
            .into_iter()
            .map(|(_, mut fields)| fields.remove("traceparent"));
        beside.extend(found);
    }
    beside.sort();
    assert_eq!(beside, [None, Some(TRACE.to_owned())]);
}

#[tokio::test]
async fn a_redis_that_throws_events_away_is_not_suitable() {
    let stage = Stage::new();
    assert!(matches!(
        stage.broker.look().await,
        BrokerCondition::Well(_)
    ));

    let policy = ["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"];
    stage.ask::<()>(&policy).await;
    let seen = stage.broker.look().await;
    assert!(matches!(seen, BrokerCondition::Unsuitable(_)), "{seen:?}");

    stage.server.lock().await.kill();
    assert_eq!(stage.broker.look().await, BrokerCondition::Away);
}
