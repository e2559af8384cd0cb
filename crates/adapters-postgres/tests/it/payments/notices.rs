//! What providers tell without being asked.

use std::sync::Arc;

use adapters_postgres::PgPaymentWorkQueries;
use app::{
    payments::{Patience, Report, SettleWork, SettleWorkHandler},
    ports::{Clock, PaymentWorkQueries, ProviderNotice, WorkKey},
};
use domain::payments::{Chance, Direction, Outcome, ProviderAnswer, ProviderName};
use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::doubts::key_of;
use crate::support::{Ledger, external};

async fn heed(ledger: &Ledger, notice: ProviderNotice, now: Timestamp) -> u64 {
    let heeded = ledger.world.write(move |uow| {
        let notice = notice.clone();
        async move { uow.payment_work().hasten(&notice, now).await }.boxed()
    });
    heeded.await.unwrap()
}

async fn is_noticed(ledger: &Ledger, key: WorkKey, since: Timestamp) -> bool {
    let noticed = ledger.world.write(move |uow| {
        async move { uow.payment_work().is_noticed_since(key, since).await }.boxed()
    });
    noticed.await.unwrap()
}

#[rstest]
#[case::by_its_key("simulator", true, 1)]
#[case::by_the_name_it_has_there("simulator", false, 1)]
#[case::of_another_provider("stripe", true, 0)]
#[tokio::test]
async fn a_notice_is_remembered_beside_what_it_is_about(
    #[case] provider: &str,
    #[case] is_by_key: bool,
    #[case] expected: u64,
) {
    let ledger = Ledger::with(&[0, 0]).await;
    let world = &ledger.world;
    let charge = world.pay(external(Direction::Charge, 10)).await.unwrap();
    world.work(charge.id, Outcome::Pending).await;
    let asked_at = world.clock.now();
    world.clock.advance(SignedDuration::from_secs(2));
    let noticed_at = world.clock.now();
    let notice = ProviderNotice {
        provider: ProviderName::parse(provider).unwrap(),
        keys: is_by_key.then(|| charge.id.as_uuid()).into_iter().collect(),
        references: vec!["sim_1".to_owned()],
    };

    let heeded = heed(&ledger, notice, noticed_at).await;

    let key = key_of(&charge);
    assert_eq!(heeded, expected);
    assert_eq!(is_noticed(&ledger, key, asked_at).await, expected == 1);
    assert!(!is_noticed(&ledger, key, noticed_at).await);
}

/// Takes up what is due of this, and has its provider, before it says that it has taken it on, send a notice. Tells what was
/// due when the notice had come, and what is due after the answer.
async fn asked(ledger: &Ledger, key: WorkKey, is_noticed: bool) -> [Vec<WorkKey>; 2] {
    let world = &ledger.world;
    let (clock, ids) = (world.clock.clone(), world.ids.clone());
    let simulator = ProviderName::parse("simulator").unwrap();
    let queries = PgPaymentWorkQueries::new(world.database.clone());
    let due = async || queries.list_due(&simulator, clock.now(), 10).await.unwrap();
    let errands = world.take_up(key).await;
    let settle = SettleWork {
        key,
        version: errands.first().unwrap().version,
        asked_at: clock.now(),
        report: Report::Executed(ProviderAnswer::of(Outcome::Pending, "told")),
        chance: Chance::WHOLE,
    };
    clock.advance(SignedDuration::from_secs(2));
    if is_noticed {
        let notice = ProviderNotice {
            provider: simulator.clone(),
            keys: vec![key.id()],
            references: Vec::new(),
        };
        assert_eq!(heed(ledger, notice, clock.now()).await, 1);
    }
    let meanwhile = due().await;
    let handler = SettleWorkHandler::new(Patience::default(), clock.clone(), ids);
    let settled = world.bus.execute(Arc::new(handler), settle).await;
    settled.unwrap();
    [meanwhile, due().await]
}

#[rstest]
#[tokio::test]
async fn a_notice_that_comes_before_the_answer_has_the_provider_asked_at_once(
    #[values(true, false)] is_noticed: bool,
    #[values(true, false)] is_refund: bool,
) {
    let ledger = Ledger::with(&[0, 0]).await;
    let world = &ledger.world;
    let charge = world.pay(external(Direction::Charge, 10)).await.unwrap();
    let mut key = key_of(&charge);
    if is_refund {
        world.work(charge.id, Outcome::Succeeded).await;
        key.refund_id = Some(world.refund(charge.id, None).await.unwrap().id);
    }

    let [meanwhile, afterwards] = asked(&ledger, key, is_noticed).await;

    assert_eq!(meanwhile, [], "it is in hand already");
    let expected = is_noticed.then_some(key);
    assert_eq!(afterwards, expected.into_iter().collect::<Vec<_>>());
}
