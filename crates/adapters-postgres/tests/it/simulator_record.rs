//! What the simulated provider remembers.

use std::sync::Arc;

use adapters_postgres::PgSimulatorRecord;
use app::{
    ports::{
        NotedCall, ProviderOrder, ProviderWork, SimulatorEntry, SimulatorRecord, StorageError,
    },
    testing::NOW,
};
use domain::{ledger::TransferAmount, payments::ProviderReference, values::Currency};
use futures_util::future::join_all;
use rstest::rstest;
use uuid::Uuid;

use crate::support::{World, at};

fn order(key: u128) -> ProviderOrder {
    ProviderOrder {
        key: Uuid::from_u128(key),
        work: ProviderWork::Charge,
        amount: TransferAmount::from_minor(1_000).unwrap(),
        currency: Currency::parse("EUR").unwrap(),
        description: None,
        provider_data: std::collections::BTreeMap::new(),
        simulate: None,
        created_at: at(NOW),
    }
}

async fn record() -> PgSimulatorRecord {
    PgSimulatorRecord::new(World::new().await.database.clone())
}

fn entry(noted: Result<NotedCall, StorageError>) -> SimulatorEntry {
    let entry = match noted.unwrap() {
        NotedCall::Noted(entry) => Some(entry),
        NotedCall::KeyReused => None,
    };
    entry.unwrap()
}

#[rstest]
#[case::at_once(Some(1), Some(1))]
#[case::later(Some(3), Some(3))]
#[case::never(None, None)]
#[tokio::test]
async fn money_moves_at_the_call_that_was_named_and_not_again(
    #[case] moves_on: Option<u32>,
    #[case] moved_on_call: Option<u32>,
) {
    let record = record().await;

    let mut calls = Vec::new();
    for _ in 0..4 {
        calls.push(entry(record.note_call(&order(1), moves_on, at(NOW)).await));
    }

    let just_moved: Vec<_> = calls.iter().map(SimulatorEntry::has_just_moved).collect();
    let expected: Vec<_> = (1..=4).map(|call| Some(call) == moved_on_call).collect();
    assert_eq!(just_moved, expected);
    let last = SimulatorEntry {
        calls: 4,
        look_ups: 0,
        moved_on_call,
    };
    assert_eq!(calls.last(), Some(&last));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_calls_at_once_each_is_noted_and_one_moves_the_money() {
    let record = Arc::new(record().await);

    let calls = (0..16).map(|_| {
        let record = Arc::clone(&record);
        tokio::spawn(async move { entry(record.note_call(&order(1), Some(1), at(NOW)).await) })
    });
    let calls: Vec<_> = join_all(calls)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();

    let mut numbers: Vec<_> = calls.iter().map(|it| it.calls).collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(1..=16));
    assert_eq!(calls.iter().filter(|it| it.has_just_moved()).count(), 1);
}

#[tokio::test]
async fn another_order_of_a_known_key_is_not_noted() {
    let record = record().await;
    let first = order(1);
    let changes: [fn(&mut ProviderOrder); 3] = [
        |it| it.amount = TransferAmount::from_minor(1_001).unwrap(),
        |it| it.currency = Currency::parse("USD").unwrap(),
        |it| {
            it.work = ProviderWork::Refund {
                of: ProviderReference::parse("sim_1").unwrap(),
            }
        },
    ];
    record.note_call(&first, Some(1), at(NOW)).await.unwrap();

    for change in changes {
        let mut other = first.clone();
        change(&mut other);
        let noted = record.note_call(&other, Some(1), at(NOW)).await.unwrap();
        assert_eq!(noted, NotedCall::KeyReused, "{other:?}");
    }

    let known = entry(record.note_call(&first, Some(1), at(NOW)).await);
    assert_eq!(known.calls, 2);
}

#[tokio::test]
async fn look_ups_are_counted_and_tell_what_has_arrived() {
    let record = record().await;
    record.note_call(&order(1), Some(1), at(NOW)).await.unwrap();

    let known = record.note_look_up(Uuid::from_u128(1)).await.unwrap();
    let unknown = record.note_look_up(Uuid::from_u128(2)).await.unwrap();

    let expected = SimulatorEntry {
        calls: 1,
        look_ups: 1,
        moved_on_call: Some(1),
    };
    assert_eq!((known, unknown), (Some(expected), None));
}
