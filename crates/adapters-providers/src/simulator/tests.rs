//! The simulator, with a record in memory.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use app::{
    ports::{ProviderWork, StorageError},
    testing::{FixedClock, NOW, out_of_reach},
};
use domain::{ledger::TransferAmount, values::Currency};
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use uuid::Uuid;

use super::*;

#[derive(Default)]
struct MemoryRecord(Mutex<HashMap<Uuid, (i64, SimulatorEntry)>>);

#[async_trait]
impl SimulatorRecord for MemoryRecord {
    async fn note_call(
        &self,
        order: &ProviderOrder,
        moves_on: Option<u32>,
        _now: Timestamp,
    ) -> Result<NotedCall, StorageError> {
        let mut entries = self.0.lock().unwrap();
        let fresh = SimulatorEntry {
            calls: 0,
            look_ups: 0,
            moved_on_call: None,
        };
        let minor = order.amount.as_minor();
        let (known, entry) = entries.entry(order.key).or_insert((minor, fresh));
        if *known != minor {
            return Ok(NotedCall::KeyReused);
        }
        entry.calls += 1;
        let moves = moves_on.is_some_and(|call| call <= entry.calls);
        entry.moved_on_call = entry.moved_on_call.or(moves.then_some(entry.calls));
        Ok(NotedCall::Noted(*entry))
    }

    async fn note_look_up(&self, key: Uuid) -> Result<Option<SimulatorEntry>, StorageError> {
        Ok(self.0.lock().unwrap().get(&key).map(|(_, entry)| *entry))
    }
}

/// A record that cannot be reached.
struct NoRecord;

#[async_trait]
impl SimulatorRecord for NoRecord {
    async fn note_call(
        &self,
        _order: &ProviderOrder,
        _moves_on: Option<u32>,
        _now: Timestamp,
    ) -> Result<NotedCall, StorageError> {
        out_of_reach()
    }

    async fn note_look_up(&self, _key: Uuid) -> Result<Option<SimulatorEntry>, StorageError> {
        out_of_reach()
    }
}

fn simulator(record: impl SimulatorRecord + 'static, clock: Arc<FixedClock>) -> Simulator {
    let temper = SimulatorTemper {
        patience: Duration::ZERO,
        crash: None,
    };
    Simulator::new(Arc::new(record), clock, temper).unwrap()
}

fn order(simulate: &str) -> ProviderOrder {
    ProviderOrder {
        key: Uuid::from_u128(7),
        work: ProviderWork::Charge,
        amount: TransferAmount::from_minor(1_000).unwrap(),
        currency: Currency::parse("EUR").unwrap(),
        description: None,
        provider_data: std::collections::BTreeMap::default(),
        simulate: Some(simulate.to_owned()),
        created_at: NOW.parse().unwrap(),
    }
}

/// What is answered, in short: `!` is a look-up.
async fn conversation(simulate: &str, questions: &str) -> String {
    let simulator = simulator(MemoryRecord::default(), FixedClock::at(NOW));
    let order = order(simulate);
    let mut answers = Vec::new();
    for question in questions.chars() {
        answers.push(match question {
            '!' => sighting(simulator.look_up(&order, None).await),
            _ => spelt(&simulator.execute(&order).await),
        });
    }
    answers.join(" ")
}

fn spelt(answer: &ProviderAnswer) -> String {
    let has_moved = matches!(answer.outcome, Outcome::Succeeded | Outcome::Pending);
    assert_eq!(answer.reference.is_some(), has_moved, "{answer:?}");
    answer.outcome.code().to_owned()
}

fn sighting(sighting: Sighting) -> String {
    match sighting {
        Sighting::Seen(answer) => format!("seen:{}", spelt(&answer)),
        Sighting::NeverArrived => "never_arrived".to_owned(),
        Sighting::NoAnswer => "no_answer".to_owned(),
        Sighting::NotAsked => "not_asked".to_owned(),
    }
}

#[rstest]
#[case("success", ".!.", "succeeded seen:succeeded succeeded")]
#[case("success", "!", "never_arrived")]
#[case("decline", "..!", "declined declined seen:declined")]
#[case("timeout", ".!.", "unknown seen:succeeded succeeded")]
#[case("crash_after_charge", ".!.", "unknown seen:succeeded succeeded")]
#[case("lost", ".!..", "unknown never_arrived succeeded succeeded")]
#[case(
    "flaky:2",
    ".!.!..",
    "retryable never_arrived retryable never_arrived succeeded succeeded"
)]
#[case("slow:1", ".!", "succeeded seen:succeeded")]
#[case("pending", ".!", "pending seen:succeeded")]
#[case("outage", ".!.", "retryable no_answer retryable")]
#[tokio::test]
async fn an_order_goes_as_it_was_told(
    #[case] simulate: &str,
    #[case] questions: &str,
    #[case] answers: &str,
) {
    assert_eq!(conversation(simulate, questions).await, answers);
}

#[tokio::test]
async fn an_outage_ends_in_time() {
    let clock = FixedClock::at(NOW);
    let simulator = simulator(MemoryRecord::default(), clock.clone());
    let order = order("outage:60");

    let before = simulator.execute(&order).await;
    clock.advance(SignedDuration::from_secs(60));
    let after = simulator.execute(&order).await;

    assert_eq!(
        [before.outcome, after.outcome],
        [Outcome::Retryable, Outcome::Succeeded]
    );
}

#[tokio::test]
async fn a_crash_happens_once_and_only_after_the_money_has_moved() {
    static CRASHES: AtomicU32 = AtomicU32::new(0);
    let temper = SimulatorTemper {
        crash: Some(|| {
            CRASHES.fetch_add(1, Ordering::SeqCst);
        }),
        ..SimulatorTemper::default()
    };
    let record = Arc::new(MemoryRecord::default());
    let simulator = Simulator::new(record, FixedClock::at(NOW), temper).unwrap();
    let order = order("crash_after_charge");

    simulator.execute(&order).await;
    let again = simulator.execute(&order).await;

    assert_eq!(CRASHES.load(Ordering::SeqCst), 1);
    assert_eq!(again.outcome, Outcome::Succeeded);
}

#[tokio::test]
async fn a_key_stands_for_one_order() {
    let simulator = simulator(MemoryRecord::default(), FixedClock::at(NOW));
    let first = order("success");
    let other = ProviderOrder {
        amount: TransferAmount::from_minor(1_100).unwrap(),
        ..first.clone()
    };

    simulator.execute(&first).await;
    let answer = simulator.execute(&other).await;

    assert_eq!(
        (answer.outcome, answer.code.as_str()),
        (Outcome::Unknown, "key_reused")
    );
}

#[tokio::test]
async fn without_its_record_nothing_is_known() {
    let simulator = simulator(NoRecord, FixedClock::at(NOW));
    let order = order("success");

    assert_eq!(simulator.execute(&order).await.outcome, Outcome::Unknown);
    assert_eq!(simulator.look_up(&order, None).await, Sighting::NoAnswer);
}

#[tokio::test]
async fn what_it_does_not_understand_is_refused_before_and_declined_after() {
    let simulator = simulator(MemoryRecord::default(), FixedClock::at(NOW));
    let order = order("explode");

    assert_eq!(
        simulator.check(&order).unwrap_err().field,
        "metadata/simulate"
    );
    assert_eq!(simulator.execute(&order).await.outcome, Outcome::Declined);
    assert_eq!(
        simulator.look_up(&order, None).await,
        Sighting::NeverArrived
    );
}
