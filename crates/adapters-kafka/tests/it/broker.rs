//! Events that go through Kafka.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use adapters_kafka::{KafkaBroker, KafkaOptions, KafkaPublisher};
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
use rdkafka::{
    ClientConfig, Message,
    admin::{AdminClient, AdminOptions},
    client::DefaultClientContext,
    consumer::{Consumer, StreamConsumer},
    message::Headers,
};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{kafka_server::KafkaServer, mock_kafka::MockKafka};

const PATIENCE: Duration = Duration::from_mins(1);
const WAIT: Duration = Duration::from_millis(200);
const EVERYTHING: ConsumerGroup = ConsumerGroup {
    name: "everything",
    kinds: &AggregateKind::ALL,
    use_for: UseFor::All,
};

/// What stands for Kafka: Kafka itself, or where that cannot be had what its client library has for tests.
enum Kafka {
    Real(KafkaServer),
    Mock(MockKafka),
}

impl Kafka {
    fn start() -> Self {
        if let Some(server) = KafkaServer::start() {
            return Self::Real(server);
        }
        println!(
            "no Kafka: the contract is checked against librdkafka's mock cluster. `cargo xtask test` fetches Kafka where \
             there is Java and Maven."
        );
        Self::Mock(MockKafka::start())
    }

    fn address(&self) -> String {
        match self {
            Self::Real(server) => server.address(),
            Self::Mock(mock) => mock.address(),
        }
    }

    fn kill(&mut self) {
        match self {
            Self::Real(server) => server.kill(),
            Self::Mock(mock) => mock.be(false),
        }
    }

    fn start_again(&mut self) {
        match self {
            Self::Real(server) => server.start_again(),
            Self::Mock(mock) => mock.be(true),
        }
    }
}

struct Stage {
    kafka: Mutex<Kafka>,
    broker: KafkaBroker,
    log: MemoryLog,
    publisher: Arc<KafkaPublisher>,
}

impl Stage {
    async fn new() -> Self {
        let kafka = tokio::task::spawn_blocking(Kafka::start).await.unwrap();
        let options = KafkaOptions {
            partitions: 4,
            replication: 1,
            ..KafkaOptions::new(kafka.address())
        };
        let broker = KafkaBroker::open(&options).unwrap();
        Self {
            kafka: Mutex::new(kafka),
            publisher: Arc::new(broker.publisher()),
            broker,
            log: MemoryLog::default(),
        }
    }

    async fn start_kafka_again(&self) {
        let mut kafka = self.kafka.lock().await;
        tokio::task::block_in_place(|| kafka.start_again());
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
        self.kafka.lock().await.kill();
        self.start_kafka_again().await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_does_what_a_broker_has_to() {
    let stage = Stage::new().await;

    hold_broker_to_its_contract(&stage, ids()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_publishes_as_a_publisher_has_to_and_waits_for_a_kafka_that_is_away() {
    let stage = Stage::new().await;

    hold_publisher_to_its_contract(stage.publisher.as_ref(), &stage.broker, ids()).await;

    assert!(matches!(
        stage.broker.look().await,
        BrokerCondition::Well(_)
    ));
    stage.kafka.lock().await.kill();
    assert_eq!(stage.broker.look().await, BrokerCondition::Away);
    let event = [logged_event(1_000, 1, 1)];
    assert!(stage.publisher.deliver(&event).await.is_err());
    stage.start_kafka_again().await;
    stage.publish(&event).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_or_cannot_be_written_is_refused_and_holds_nobody_up() {
    let stage = Stage::new().await;
    let mut too_large = logged_event(1, 1, 1);
    too_large.event.data = format!("\"{}\"", "x".repeat(2_000_000));
    let mut poison = logged_event(2, 2, 1);
    poison.event.data = "{".to_owned();

    let delivered = stage
        .publisher
        .deliver(&[too_large, poison, logged_event(3, 3, 1)])
        .await
        .unwrap();

    assert!(matches!(delivered[0], Delivered::Refused(_)));
    assert!(matches!(delivered[1], Delivered::Refused(_)));
    assert_eq!(delivered[2], Delivered::Taken);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn topics_that_are_gone_are_made_again_and_read_by_who_reads_already() {
    let stage = Stage::new().await;
    if matches!(*stage.kafka.lock().await, Kafka::Mock(_)) {
        println!("the mock cluster cannot delete topics");
        return;
    }
    let mut subscription = stage.broker.subscribe(EVERYTHING).await.unwrap();
    let [first, second, third] = [1, 2, 3].map(|number| logged_event(number, 1, number));
    // More than come afterwards: the reader stands behind the end of the new topic, which it notices in any case.
    stage.publish(&[first.clone(), second.clone()]).await;
    let before = [
        next(subscription.as_mut()).await,
        next(subscription.as_mut()).await,
    ];

    delete_topics(&stage).await;
    stage.publish(std::slice::from_ref(&third)).await;
    let after = next(subscription.as_mut()).await;

    assert_eq!(
        before.map(|it| it.event.id),
        [first, second].map(|it| it.event.id)
    );
    assert_eq!(after.event.id, third.event.id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_has_the_next_event_at_once_however_often_kafka_was_tried_in_vain() {
    let stage = Stage::new().await;
    let mut subscription = stage.broker.subscribe(EVERYTHING).await.unwrap();
    let [first, second] = [1, 2].map(|number| logged_event(number, 1, number));
    stage.publish(std::slice::from_ref(&first)).await;
    let before = next(subscription.as_mut()).await;

    stage.kafka.lock().await.kill();
    let mut failed = 0;
    let killed_at = Instant::now();
    while failed < 3 {
        assert!(killed_at.elapsed() < PATIENCE, "nobody notices");
        failed += usize::from(subscription.receive(1, WAIT).await.is_err());
    }
    stage.start_kafka_again().await;
    stage.publish(std::slice::from_ref(&second)).await;
    let after = subscription.receive(1, PATIENCE).await.unwrap();

    assert_eq!(before.event.id, first.event.id);
    let after: Vec<_> = after.iter().map(|it| it.event.id).collect();
    assert_eq!(after, [second.event.id]);
}

/// For readers of other makes, who trace and sort without opening the event.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_event_is_and_its_trace_stand_beside_it() {
    const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let stage = Stage::new().await;
    let mut traced = logged_event(1, 1, 1);
    traced.event.traceparent = Some(TRACE.to_owned());
    stage.publish(&[traced]).await;

    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", stage.kafka.lock().await.address())
        .set("group.id", "strangers")
        .set("auto.offset.reset", "earliest");
    let consumer: StreamConsumer = config.create().unwrap();
    let topics = AggregateKind::ALL.map(|kind| format!("tallystick.{}", kind.code()));
    let topics = topics.each_ref().map(String::as_str);
    consumer.subscribe(&topics).unwrap();
    let message = tokio::time::timeout(PATIENCE, consumer.recv());
    let message = message.await.unwrap().unwrap();

    let headers = message.headers().unwrap();
    let header = |key: &str| {
        let found = headers.iter().find(|it| it.key == key)?;
        String::from_utf8(found.value?.to_vec()).ok()
    };
    assert_eq!(header("traceparent").as_deref(), Some(TRACE));
    assert_eq!(
        header("content-type").as_deref(),
        Some("application/cloudevents+json")
    );
}

async fn delete_topics(stage: &Stage) {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", stage.kafka.lock().await.address());
    let admin: AdminClient<DefaultClientContext> = config.create().unwrap();
    let names = AggregateKind::ALL.map(|kind| format!("tallystick.{}", kind.code()));
    let names = names.each_ref().map(String::as_str);
    let deleted = admin.delete_topics(&names, &AdminOptions::new()).await;
    assert!(deleted.unwrap().iter().all(Result::is_ok));
}

/// What comes next that was not acknowledged.
async fn next(subscription: &mut dyn Subscription) -> LoggedEvent {
    let asked_at = Instant::now();
    loop {
        assert!(asked_at.elapsed() < PATIENCE, "nothing comes");
        // While topics are made and shared out there are failures of every kind.
        let received = subscription.receive(1, WAIT).await.unwrap_or_default();
        if let Some(event) = received.into_iter().next()
            && subscription.acknowledge().await.is_ok()
        {
            return event;
        }
    }
}
