//! Payments that are written with their transfers.

use adapters_postgres::PgPaymentQueries;
use app::{
    payments::AcceptPayment,
    ports::{PaymentFilter, PaymentQueries},
    testing::ORGANIZATION,
};
use domain::{
    ledger::TransferDescription,
    payments::{PaymentFacts, PaymentStatus},
    values::Metadata,
};

use super::{all, count};
use crate::support::{
    Admin, Ledger, Manner, Proxy, World, engine_over, first, internal, migrated_database, pay_with,
    transfer, wait_until,
};

/// What is stored of all payments, but for what differs from one to the next: ids, and when.
const ALIKE: &str = "
    SELECT to_jsonb(p) - ARRAY['id', 'created_at', 'updated_at', 'ended_at'] || jsonb_build_object(
               'instants', p.created_at = p.updated_at AND p.ended_at = p.updated_at,
               'transfer', (SELECT to_jsonb(t) - ARRAY['id', 'reference', 'created_at', 'xact_id', 'source_sequence',
                                                       'destination_sequence']
                              FROM transfers AS t WHERE t.reference = p.id::text),
               'history', (SELECT jsonb_agg(to_jsonb(e) - ARRAY['payment_id', 'event_id', 'occurred_at'] ORDER BY version)
                             FROM payment_events AS e WHERE e.payment_id = p.id AND e.occurred_at = p.created_at),
               'told', (SELECT jsonb_agg(o.payload::jsonb - ARRAY['id', 'completed_at', 'created_at', 'updated_at']
                                         || jsonb_build_object('type', o.type, 'of', o.aggregate_type) ORDER BY o.id)
                          FROM outbox AS o
                          JOIN payment_events AS e ON e.event_id = o.event_id AND e.version = o.aggregate_version
                         WHERE o.aggregate_id = p.id))::text
      FROM payments AS p ORDER BY p.id";

/// Payments that are not what their transfers and their histories say.
const OUT_OF_STEP: &str = "
    SELECT count(*) FROM (SELECT id, amount_minor, version FROM payments) AS p
      FULL JOIN (SELECT reference, amount_minor FROM transfers WHERE kind = 'payment') AS t ON t.reference = p.id::text
     WHERE p.amount_minor IS DISTINCT FROM t.amount_minor
        OR p.version <> (SELECT count(*) FROM payment_events AS e WHERE e.payment_id = p.id)
        OR p.version <> (SELECT count(*) FROM outbox AS o WHERE o.aggregate_id = p.id)";

async fn assert_in_step(ledger: &Ledger) {
    assert_eq!(ledger.admin.value::<i64>(OUT_OF_STEP).await, 0);
    ledger.is_consistent().await;
}

#[tokio::test]
async fn a_payment_leaves_the_same_whoever_writes_it() {
    let ledger = Ledger::with(&[600, 0]).await;
    let mut metadata = Metadata::default();
    metadata.insert("quote", "\"'{}").unwrap();
    let command = AcceptPayment {
        description: Some(TransferDescription::parse("Rent, \"May\"").unwrap()),
        metadata,
        ..internal(100)
    };

    ledger.world.pay(command.clone()).await.unwrap();
    let answer = pay_with(&ledger.engine, &ledger.world, "k", &command)
        .await
        .unwrap();

    assert_eq!(answer, "completed");
    let rows = ledger.admin.rows(ALIKE).await;
    let [handled, posted]: [String; 2] = [rows[0].get(0), rows[1].get(0)];
    assert_eq!(handled, posted);
    let queries = PgPaymentQueries::new(ledger.world.database.clone());
    let filter = PaymentFilter::default();
    let listed = queries.list(ORGANIZATION, &filter, first()).await.unwrap();
    let statuses: Vec<_> = listed.rows.iter().map(PaymentFacts::status).collect();
    assert_eq!(statuses, [PaymentStatus::Completed; 2]);
    assert_in_step(&ledger).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_five_hundred_payments_a_hundred_fit_what_is_there() {
    let ledger = Ledger::with(&[100, 0, 100]).await;

    let asked = (0..500).map(|n| {
        pay_with(
            &ledger.engine,
            &ledger.world,
            &format!("k{n}"),
            &internal(1),
        )
    });
    let beside = (0..100).map(|n| ledger.ask(&format!("t{n}"), transfer(3, 2, 1)));
    let told = all(asked.chain(beside).collect()).await;

    assert_eq!(count(&told, "completed"), 100);
    assert_eq!(count(&told, "insufficient_funds"), 400);
    assert_eq!(count(&told, "posted"), 100);
    assert_eq!((ledger.balance(1).await, ledger.balance(2).await), (0, 200));
    assert_eq!(ledger.admin.count("payments").await, 100);
    assert_in_step(&ledger).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_used_a_hundred_times_at_once_pays_once() {
    let ledger = Ledger::with(&[100, 0]).await;
    let other = engine_over(&ledger.world);

    let asked = (0..100).map(|n| {
        let engine = if n % 2 == 0 { &ledger.engine } else { &other };
        pay_with(engine, &ledger.world, "same", &internal(1))
    });
    let told = all(asked.collect()).await;

    assert_eq!(count(&told, "completed"), 100);
    assert_eq!(ledger.admin.count("payments").await, 1);
    assert_in_step(&ledger).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_whose_commit_nobody_heard_of_are_found_by_their_keys() {
    let url = migrated_database().await;
    let proxy = Proxy::before(&url).await;
    let world = World::at(proxy.url.clone(), |_| {});
    let ledger = Ledger::over(world, &[1_000, 0]).await;
    let direct = Admin::connect(&url).await;
    let warm = pay_with(&ledger.engine, &ledger.world, "warm", &internal(1));
    warm.await.unwrap();

    proxy.behave(Manner::CutsAtWrite);
    let asked: Vec<_> = (0..50)
        .map(|n| {
            pay_with(
                &ledger.engine,
                &ledger.world,
                &format!("k{n}"),
                &internal(1),
            )
        })
        .collect();
    // Whichever task came first.
    let written = "SELECT count(*) FROM idempotency_keys WHERE key LIKE 'k%'";
    wait_until("the first of them are committed", || async {
        direct.value::<i64>(written).await > 0
    })
    .await;
    proxy.behave(Manner::Honest);
    let told = all(asked).await;

    assert_eq!(count(&told, "completed"), 50, "{told:?}");
    assert_eq!(ledger.balance(2).await, 51);
    assert_in_step(&ledger).await;
}
