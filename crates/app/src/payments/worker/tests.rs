mod calls;

use std::collections::BTreeMap;

use domain::{
    ids::{PaymentId, RefundId},
    ledger::TransferAmount,
    values::Currency,
    version::Version,
};
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::{
    payments::{Errand, Question},
    ports::{
        MockPaymentProvider, MockPaymentWorkQueries, PaymentProvider, ProviderOrder, ProviderWork,
        WorkKey,
    },
    testing::{FakeTransactor, FixedClock, LoadedDice, NOW, ORGANIZATION, SequentialIds},
};

fn simulator() -> ProviderName {
    ProviderName::parse("simulator").unwrap()
}

fn key(number: u128, refund: Option<u128>) -> WorkKey {
    WorkKey {
        organization_id: ORGANIZATION,
        payment_id: PaymentId::from_uuid(Uuid::from_u128(number)),
        refund_id: refund.map(|number| RefundId::from_uuid(Uuid::from_u128(number))),
    }
}

fn terms() -> PaymentWorkerTerms {
    PaymentWorkerTerms {
        patience: Patience::default(),
        breaker: BreakerTerms::default(),
        calls_max: 3,
        call_limit: Duration::from_secs(10),
        lost_after: Duration::from_secs(30),
        lease: Duration::from_secs(15),
        sweep_every: Duration::from_secs(1),
        finish_within: Duration::from_secs(5),
    }
}

/// A worker for whom these are due. Whatever it asks the provider, or wants to write down, fails.
fn worker(due: Vec<WorkKey>) -> PaymentWorker {
    worker_with(due, named(), None)
}

fn named() -> MockPaymentProvider {
    let mut provider = MockPaymentProvider::new();
    provider.expect_name().return_const(simulator());
    provider
}

fn worker_with(
    due: Vec<WorkKey>,
    provider: MockPaymentProvider,
    leases: Option<Arc<dyn WorkLeases>>,
) -> PaymentWorker {
    let provider: Arc<dyn PaymentProvider> = Arc::new(provider);
    let mut queries = MockPaymentWorkQueries::new();
    queries.expect_list_due().returning(move |_, _, limit| {
        let limit = usize::try_from(limit).unwrap();
        Ok(due.iter().copied().take(limit).collect())
    });
    let parts = PaymentWorkerParts {
        queries: Arc::new(queries),
        bus: CommandBus::new(FakeTransactor::default().shared(), []),
        providers: Providers::new([provider]),
        leases,
        clock: FixedClock::at(NOW),
        ids: Arc::<SequentialIds>::default(),
        dice: Arc::new(LoadedDice),
    };
    PaymentWorker::new(parts, terms())
}

#[tokio::test]
async fn hints_do_not_keep_what_only_a_look_finds_from_being_taken_up() {
    let refund = key(7, Some(8));
    let worker = worker(vec![refund]);
    for number in 1_000..2_000 {
        assert!(worker.hints.keep(&simulator(), key(number, None)));
    }

    let (of_one, _) = worker.choose(&simulator(), 1, true).await.unwrap();
    let (of_many, has_more) = worker.choose(&simulator(), 10, true).await.unwrap();

    assert_eq!(of_one, [refund]);
    assert_eq!(of_many.len(), 10);
    assert!(of_many.contains(&refund));
    assert!(!has_more);
}

#[tokio::test]
async fn without_a_look_hints_have_all_seats() {
    let worker = worker(vec![key(7, None)]);
    for number in 1_000..1_005 {
        worker.hints.keep(&simulator(), key(number, None));
    }

    let (keys, has_more) = worker.choose(&simulator(), 10, false).await.unwrap();

    assert_eq!(keys.len(), 5);
    assert!(!has_more);
}

#[test]
fn a_provider_has_as_many_seats_as_calls_at_once() {
    let worker = worker(Vec::new());
    let line = &worker.lines[&simulator()];

    let mut seats = line.take_seats(100);
    let busy = line.busy();
    seats.pop();

    assert_eq!((busy, seats.len()), (3, 2));
    assert_eq!(line.take_seats(100).len(), 1);
}

fn errand(presumed_lost_at: Timestamp) -> Errand {
    Errand {
        key: key(7, None),
        version: Version::FIRST,
        presumed_lost_at,
        question: Question::Execute,
        cause: None,
        order: ProviderOrder {
            key: Uuid::from_u128(7),
            work: ProviderWork::Charge,
            amount: TransferAmount::from_minor(100).unwrap(),
            currency: Currency::parse("USD").unwrap(),
            description: None,
            provider_data: BTreeMap::new(),
            simulate: None,
            created_at: NOW.parse().unwrap(),
        },
    }
}

#[tokio::test]
async fn nobody_is_asked_whose_answer_could_come_after_others_take_over() {
    let worker = worker(Vec::new());
    let line = &worker.lines[&simulator()];
    let seat = line.take_seats(1).pop().unwrap();
    let now: Timestamp = NOW.parse().unwrap();
    let too_late = errand(now + SignedDuration::from_millis(9_999));

    // The provider would fail the test.
    worker.run_errand(too_late, seat).await;

    assert_eq!(line.busy(), 0);
}
