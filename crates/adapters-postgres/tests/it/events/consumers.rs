//! What a sink refuses is held aside, with what comes behind it, and everything else goes on.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use adapters_postgres::{PgDeadLetters, PgHeldEvents};
use app::{
    events::{ATTEMPTS_MAX, EventConsumer, LoggedEvent},
    ports::{DeadLetters, Delivered, EventSink, EventSource, SinkUnavailable, Subscription},
};
use async_trait::async_trait;
use jiff::SignedDuration;

use super::{GROUP, event, place_all, source, steps};
use crate::support::World;

/// Refuses what happens to some invoices, until it is told not to.
#[derive(Default)]
struct Choosy {
    refused: Mutex<HashSet<u128>>,
    taken: Mutex<Vec<(u128, i64)>>,
}

#[async_trait]
impl EventSink for Choosy {
    async fn deliver(&self, events: &[LoggedEvent]) -> Result<Vec<Delivered>, SinkUnavailable> {
        let refused = self.refused.lock().unwrap();
        let outcome = |it: &LoggedEvent| {
            if refused.contains(&it.event.aggregate_id.as_u128()) {
                Delivered::Refused("too large".to_owned())
            } else {
                self.taken
                    .lock()
                    .unwrap()
                    .extend(steps(std::slice::from_ref(it)));
                Delivered::Taken
            }
        };
        Ok(events.iter().map(outcome).collect())
    }
}

struct Scene {
    world: World,
    sink: Arc<Choosy>,
    consumer: EventConsumer,
    reader: tokio::sync::Mutex<Box<dyn Subscription>>,
    dead: PgDeadLetters,
}

impl Scene {
    /// Of three invoices, of which 1 is refused.
    async fn with_a_poison_event() -> Self {
        let world = World::new().await;
        let events = event(1, 1) + &event(2, 1) + &event(1, 2) + &event(2, 2) + &event(1, 3);
        world.admin().await.run(&events).await;
        place_all(&world).await;
        let sink = Arc::new(Choosy::default());
        sink.refused.lock().unwrap().insert(1);
        let consumer = EventConsumer {
            name: "test",
            sink: sink.clone(),
            held: Arc::new(PgHeldEvents::new(world.database.clone())),
            clock: world.clock.clone(),
            batch: 100,
        };
        let mut reader = source(&world).subscribe(GROUP).await.unwrap();
        consumer
            .round(reader.as_mut(), Duration::ZERO)
            .await
            .unwrap();
        Self {
            dead: PgDeadLetters::new(world.database.clone()),
            world,
            sink,
            consumer,
            reader: tokio::sync::Mutex::new(reader),
        }
    }

    fn taken(&self) -> Vec<(u128, i64)> {
        self.sink.taken.lock().unwrap().clone()
    }

    /// Lets time pass, and tries again what is due.
    async fn later(&self) -> usize {
        self.world.clock.advance(SignedDuration::from_mins(6));
        self.consumer.retry().await.unwrap()
    }
}

#[tokio::test]
async fn a_refused_event_holds_up_its_own_aggregate_only() {
    let scene = Scene::with_a_poison_event().await;

    assert_eq!(scene.taken(), [(2, 1), (2, 2)]);
    assert_eq!(scene.world.admin().await.count("held_events").await, 3);
}

#[tokio::test]
async fn what_is_taken_after_all_is_followed_by_what_waited_behind_it() {
    let scene = Scene::with_a_poison_event().await;
    scene.sink.refused.lock().unwrap().clear();

    let retried = [
        scene.later().await,
        scene.later().await,
        scene.later().await,
        scene.later().await,
    ];

    assert_eq!(retried, [1, 1, 1, 0]);
    assert_eq!(scene.taken()[2..], [(1, 1), (1, 2), (1, 3)]);
    assert_eq!(scene.world.admin().await.count("held_events").await, 0);
}

#[tokio::test]
async fn after_ten_attempts_it_is_a_dead_letter_until_a_person_asks_for_it() {
    let scene = Scene::with_a_poison_event().await;

    let mut attempts = 1;
    while scene.later().await > 0 {
        attempts += 1;
    }
    let dead = scene.dead.list_dead(10).await.unwrap();
    scene.sink.refused.lock().unwrap().clear();
    let asked = scene
        .dead
        .retry(Some(dead[0].event.event.id))
        .await
        .unwrap();
    let retried = [
        scene.later().await,
        scene.later().await,
        scene.later().await,
    ];

    assert_eq!(attempts, ATTEMPTS_MAX);
    let told: Vec<_> = dead
        .iter()
        .map(|it| (it.consumer.as_str(), it.attempts, it.waiting_behind))
        .collect();
    assert_eq!(told, [("test", ATTEMPTS_MAX, 2)]);
    assert_eq!(dead[0].reason, "too large");
    assert_eq!((asked, retried), (1, [1, 1, 1]));
    assert_eq!(scene.taken()[2..], [(1, 1), (1, 2), (1, 3)]);
}

#[tokio::test]
async fn a_dead_letter_that_is_discarded_lets_the_next_ones_go_on() {
    let scene = Scene::with_a_poison_event().await;
    while scene.later().await > 0 {}
    scene.sink.refused.lock().unwrap().clear();

    let id = scene.dead.list_dead(10).await.unwrap()[0].event.event.id;
    let discarded = [
        scene.dead.discard(id).await.unwrap(),
        scene.dead.discard(id).await.unwrap(),
    ];
    let retried = [
        scene.later().await,
        scene.later().await,
        scene.later().await,
    ];

    assert_eq!((discarded, retried), ([true, false], [1, 1, 0]));
    assert_eq!(scene.taken()[2..], [(1, 2), (1, 3)]);
}

#[tokio::test]
async fn what_comes_later_waits_behind_what_is_held() {
    let scene = Scene::with_a_poison_event().await;
    scene
        .world
        .admin()
        .await
        .run(&(event(1, 4) + &event(2, 3)))
        .await;
    place_all(&scene.world).await;
    scene.sink.refused.lock().unwrap().clear();
    let mut reader = scene.reader.lock().await;
    scene
        .consumer
        .round(reader.as_mut(), Duration::ZERO)
        .await
        .unwrap();

    while scene.later().await > 0 {}

    assert_eq!(scene.taken()[2..], [(2, 3), (1, 1), (1, 2), (1, 3), (1, 4)]);
}
