//! The contract of brokers: of [`EventSource`] and [`Subscription`], and of what publishes to them.
//!
//! [`Subscription`]: crate::ports::Subscription

mod happenings;
mod member;

use std::time::{Duration, Instant};

use async_trait::async_trait;
use uuid::Uuid;

use self::{happenings::Happenings, member::Member};
use crate::{
    events::LoggedEvent,
    ports::{ConsumerGroup, Delivered, EventSink, EventSource, UseFor},
};

/// Within this time another member MUST have what a dead one leaves.
const TAKEN_OVER_WITHIN: Duration = Duration::from_secs(10);

/// A broker that is held to the contract. It MUST start out empty, and have nobody else who publishes.
#[async_trait]
pub trait BrokerUnderTest: Sync {
    /// Where its events are read.
    fn source(&self) -> &dyn EventSource;

    /// Publishes events, and waits until they are taken, however long the broker is away meanwhile.
    async fn publish(&self, events: &[LoggedEvent]);

    /// Ends the broker without a warning, and starts it again with what it has kept.
    async fn restart(&self);
}

/// Panics with what a broker does not do.
pub async fn hold_broker_to_its_contract(
    broker: &dyn BrokerUnderTest,
    new_id: impl FnMut() -> Uuid + Send,
) {
    let mut happenings = Happenings::new(new_id);
    brings_everything_in_order(broker, &mut happenings).await;
    brings_each_group_everything_from_the_first_on(broker, &mut happenings).await;
    brings_again_what_was_not_acknowledged(broker, &mut happenings).await;
    brings_nothing_again_that_was(broker, &mut happenings).await;
    brings_what_a_dead_member_had_to_another_one(broker, &mut happenings).await;
    shares_the_work_and_takes_over_that_of_the_dead(broker, &mut happenings).await;
    loses_nothing_while_it_starts_again(broker, &mut happenings).await;
}

/// Holds a publisher to its contract. The source MUST be that of its broker, and nobody else may publish there.
///
/// # Panics
/// With what it does not do.
pub async fn hold_publisher_to_its_contract(
    publisher: &dyn EventSink,
    source: &dyn EventSource,
    new_id: impl FnMut() -> Uuid + Send,
) {
    let mut happenings = Happenings::new(new_id);
    let first = happenings.of_new_aggregates(20, 1);
    let mut later = happenings.of_new_aggregates(20, 1);

    // The first of them waits while others go on; all are published twice.
    let waiting = later.remove(0);
    for events in [&first, &later, &first, &vec![waiting.clone()], &later] {
        let delivered = publisher.deliver(events).await.expect("it is there");
        assert!(delivered.iter().all(|it| *it == Delivered::Taken));
    }

    let mut member = Member::of(source, group("contract-twice")).await;
    let wanted = [first, later, vec![waiting]].concat();
    member.read_until_it_has(&wanted).await;
    member.assert_in_order();
}

const fn group(name: &'static str) -> ConsumerGroup {
    ConsumerGroup {
        name,
        kinds: &happenings::KINDS,
        use_for: UseFor::All,
    }
}

async fn brings_everything_in_order(broker: &dyn BrokerUnderTest, happenings: &mut Happenings<'_>) {
    let events = happenings.of_new_aggregates(40, 5);
    let mut member = Member::of(broker.source(), group("contract-order")).await;

    for some in events.chunks(70) {
        broker.publish(some).await;
    }
    member.read_until_it_has(&events).await;

    member.assert_in_order();
    member.leave().await;
}

async fn brings_each_group_everything_from_the_first_on(
    broker: &dyn BrokerUnderTest,
    happenings: &mut Happenings<'_>,
) {
    let early = happenings.of_new_aggregates(20, 2);
    let late = happenings.of_new_aggregates(20, 2);
    broker.publish(&early).await;

    let mut one = Member::of(broker.source(), group("contract-one")).await;
    let mut other = Member::of(broker.source(), group("contract-other")).await;
    broker.publish(&late).await;

    let all = [early, late].concat();
    one.read_until_it_has(&all).await;
    other.read_until_it_has(&all).await;
    one.leave().await;
    other.leave().await;
}

async fn brings_again_what_was_not_acknowledged(
    broker: &dyn BrokerUnderTest,
    happenings: &mut Happenings<'_>,
) {
    let mut member = Member::of(broker.source(), group("contract-again")).await;
    member.read_until_it_has(&happenings.all()).await;
    let events = happenings.of_new_aggregates(5, 3);
    broker.publish(&events).await;

    let first = member.receive_some().await;
    // The failure of an effect: what was received is not acknowledged, and asked for again.
    member.read_until_it_has(&events).await;

    let never = first.iter().find(|it| !member.has(it));
    assert_eq!(never, None, "never came again");
    member.assert_in_order();
    member.leave().await;
}

async fn brings_nothing_again_that_was(
    broker: &dyn BrokerUnderTest,
    happenings: &mut Happenings<'_>,
) {
    let before = happenings.of_new_aggregates(20, 1);
    broker.publish(&before).await;
    let mut member = Member::of(broker.source(), group("contract-done")).await;
    member.read_until_it_has(&happenings.all()).await;
    member.leave().await;

    let after = happenings.of_new_aggregates(20, 1);
    broker.publish(&after).await;
    let mut next = Member::of(broker.source(), group("contract-done")).await;
    next.read_until_it_has(&after).await;

    let again = before.iter().find(|it| next.has(it));
    assert_eq!(again, None, "was acknowledged, and came again");
    next.leave().await;
}

async fn brings_what_a_dead_member_had_to_another_one(
    broker: &dyn BrokerUnderTest,
    happenings: &mut Happenings<'_>,
) {
    let events = happenings.of_new_aggregates(30, 3);
    broker.publish(&events).await;
    let mut first = Member::of(broker.source(), group("contract-crash")).await;
    let received = first.receive_some().await;
    assert!(!received.is_empty());

    drop(first);
    let died_at = Instant::now();
    let mut second = Member::of(broker.source(), group("contract-crash")).await;
    second.read_until_it_has(&happenings.all()).await;

    let took = died_at.elapsed();
    assert!(took < TAKEN_OVER_WITHIN, "taken over after {took:?}");
    second.assert_in_order();
    second.leave().await;
}

async fn shares_the_work_and_takes_over_that_of_the_dead(
    broker: &dyn BrokerUnderTest,
    happenings: &mut Happenings<'_>,
) {
    let group = group("contract-share");
    let mut one = Member::of(broker.source(), group).await;
    let mut other = Member::of(broker.source(), group).await;
    let so_far = happenings.all();
    Member::read_both_until_they_have(&mut one, &mut other, &so_far).await;

    let (mut has_one, mut has_other) = (false, false);
    let asked_at = Instant::now();
    while !(has_one && has_other) {
        assert!(asked_at.elapsed() < member::PATIENCE, "one has no work");
        let events = happenings.of_new_aggregates(32, 1);
        broker.publish(&events).await;
        (has_one, has_other) =
            Member::read_both_until_they_have(&mut one, &mut other, &events).await;
    }

    let events = happenings.of_new_aggregates(32, 2);
    broker.publish(&events).await;
    let received = one.receive_some().await;
    assert!(!received.is_empty());
    drop(one);
    let died_at = Instant::now();
    other.read_until_it_has(&events).await;
    let took = died_at.elapsed();
    assert!(took < TAKEN_OVER_WITHIN, "taken over after {took:?}");
    other.assert_in_order();
    other.leave().await;
}

async fn loses_nothing_while_it_starts_again(
    broker: &dyn BrokerUnderTest,
    happenings: &mut Happenings<'_>,
) {
    let before = happenings.of_new_aggregates(30, 2);
    let after = happenings.of_new_aggregates(30, 2);
    let mut member = Member::of(broker.source(), group("contract-restart")).await;
    broker.publish(&before).await;
    member.receive_some().await;

    broker.restart().await;
    let publishing = broker.publish(&after);
    let all = [before, after.clone()].concat();
    tokio::join!(publishing, member.read_until_it_has(&all));

    member.assert_in_order();
    member.leave().await;
}
