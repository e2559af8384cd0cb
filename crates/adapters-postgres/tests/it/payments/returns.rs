//! Payouts that come back after they were completed.

use std::{sync::Arc, time::Duration};

use adapters_postgres::PgPaymentWorkQueries;
use app::{
    payments::{
        HeedProviderNotice, HeedProviderNoticeHandler, Patience, PaymentWorker, PaymentWorkerParts,
        PaymentWorkerTerms,
    },
    ports::{Clock, MockPaymentProvider, PaymentProvider, Providers, ReadNotice, Sighting},
    testing::LoadedDice,
};
use domain::payments::{BreakerTerms, PaymentFacts, ProviderAnswer, ProviderName};
use tokio::sync::oneshot;

use super::*;
use crate::support::wait_until;

/// The provider's word that a payout has failed, or has come back.
async fn tell_of_return(ledger: &Ledger, notice: &str, payout: &PaymentFacts) {
    let world = &ledger.world;
    let handler = HeedProviderNoticeHandler::new(world.clock.clone());
    let command = HeedProviderNotice {
        provider: ProviderName::parse("simulator").unwrap(),
        notice: ReadNotice {
            id: notice.to_owned(),
            keys: vec![payout.id.as_uuid()],
            references: Vec::new(),
            tells_of_return: true,
        },
    };
    let heeded = world.bus.execute(Arc::new(handler), command);
    heeded.await.unwrap();
}

/// A worker whose provider says this of whatever it is asked about.
fn worker(ledger: &Ledger, sighting: Sighting) -> Arc<PaymentWorker> {
    let mut provider = MockPaymentProvider::new();
    let name = ProviderName::parse("simulator").unwrap();
    provider.expect_name().return_const(name);
    provider
        .expect_look_up()
        .returning(move |_, _| sighting.clone());
    let provider: Arc<dyn PaymentProvider> = Arc::new(provider);
    let world = &ledger.world;
    let parts = PaymentWorkerParts {
        queries: Arc::new(PgPaymentWorkQueries::new(world.database.clone())),
        bus: world.bus.clone(),
        providers: Providers::new([provider]),
        leases: None,
        clock: world.clock.clone(),
        ids: world.ids.clone(),
        dice: Arc::new(LoadedDice),
    };
    let terms = PaymentWorkerTerms {
        patience: Patience::default(),
        breaker: BreakerTerms::default(),
        calls_max: 3,
        call_limit: Duration::from_secs(10),
        lost_after: Duration::from_secs(30),
        lease: Duration::from_secs(15),
        sweep_every: Duration::from_millis(20),
        finish_within: Duration::from_secs(10),
    };
    Arc::new(PaymentWorker::new(parts, terms))
}

/// Has a worker go on until nothing more is due that may have come back.
async fn look_into_it(ledger: &Ledger, sighting: Sighting) {
    let (end, ended) = oneshot::channel::<()>();
    let worker = worker(ledger, sighting);
    let running = tokio::spawn(worker.run(async {
        let _told = ended.await;
    }));
    let now = ledger.world.clock.now().to_string();
    let due = format!("SELECT count(*) FROM suspected_returns WHERE due_at <= '{now}'");
    wait_until("nothing is suspected", async || {
        ledger.admin.value::<i64>(&due).await == 0
    })
    .await;
    end.send(()).unwrap();
    running.await.unwrap();
}

fn came_back() -> Sighting {
    Sighting::Seen(ProviderAnswer::of(Outcome::Declined, "account_closed"))
}

async fn paid_out(ledger: &Ledger) -> PaymentFacts {
    let world = &ledger.world;
    let payout = world.pay(external(Direction::Payout, 100)).await.unwrap();
    world.work(payout.id, Outcome::Succeeded).await;
    payout
}

#[tokio::test]
async fn a_payout_that_comes_back_is_booked_back_once_however_often_it_is_told() {
    let ledger = Ledger::with(&[600, 0]).await;
    let payout = paid_out(&ledger).await;
    let before = money(&ledger).await;

    tell_of_return(&ledger, "evt_1", &payout).await;
    look_into_it(&ledger, came_back()).await;
    let after = money(&ledger).await;
    tell_of_return(&ledger, "evt_1", &payout).await;
    tell_of_return(&ledger, "evt_2", &payout).await;
    look_into_it(&ledger, came_back()).await;

    assert_eq!((before, after), ((500, 0, 100), (600, 0, 0)));
    assert_eq!(money(&ledger).await, after);
    assert_eq!(status(&ledger, payout.id).await, PaymentStatus::Refunded);
    let told = history(&ledger, payout.id).await;
    assert_eq!(
        told,
        [
            "payment.created",
            "payment.processing",
            "payment.completed",
            "payment.refund_requested",
            "payment.refunded"
        ]
    );
    let refunds = "SELECT count(*) FROM refunds WHERE status = 'completed' AND amount_minor = 100
                      AND reason = 'returned by simulator: account_closed'";
    assert_eq!(ledger.admin.value::<i64>(refunds).await, 1);
    let published = "SELECT count(*) FROM outbox WHERE type = 'payment.refunded'";
    assert_eq!(ledger.admin.value::<i64>(published).await, 1);
    ledger.is_consistent().await;
}

#[tokio::test]
async fn a_payout_that_the_provider_says_has_arrived_stays_completed() {
    let ledger = Ledger::with(&[600, 0]).await;
    let payout = paid_out(&ledger).await;
    let arrived = Sighting::Seen(ProviderAnswer::of(Outcome::Succeeded, "paid"));

    tell_of_return(&ledger, "evt_1", &payout).await;
    look_into_it(&ledger, arrived).await;

    assert_eq!(money(&ledger).await, (500, 0, 100));
    assert_eq!(status(&ledger, payout.id).await, PaymentStatus::Completed);
}

#[tokio::test]
async fn only_payouts_that_may_come_back_are_suspected() {
    let ledger = Ledger::with(&[600, 0]).await;
    let world = &ledger.world;
    let charge = world.pay(external(Direction::Charge, 100)).await.unwrap();
    world.work(charge.id, Outcome::Succeeded).await;
    let failed = world.pay(external(Direction::Payout, 100)).await.unwrap();
    world.work(failed.id, Outcome::Declined).await;

    tell_of_return(&ledger, "evt_1", &charge).await;
    tell_of_return(&ledger, "evt_2", &failed).await;

    let suspected = ledger.admin.count("suspected_returns");
    assert_eq!(suspected.await, 0);
}

#[tokio::test]
async fn the_history_is_told_by_version_also_when_clocks_disagree() {
    let ledger = Ledger::with(&[600, 0]).await;
    let payout = paid_out(&ledger).await;
    ledger
        .world
        .clock
        .advance(jiff::SignedDuration::from_mins(-5));
    let refunded = ledger.world.refund(payout.id, Some(10)).await;
    refunded.unwrap();

    let told = history(&ledger, payout.id).await;

    assert_eq!(told.last().unwrap(), "payment.refund_requested");
}
