//! What is due of payments is found at the same cost, however many payments there are and however much is due elsewhere.

use adapters_postgres::PgPaymentWorkQueries;
use app::ports::{Clock, PaymentWorkQueries, ProviderNotice};
use domain::payments::{Direction, ProviderName};
use futures_util::FutureExt;
use jiff::SignedDuration;
use uuid::Uuid;

use super::*;
use crate::support::{Ledger, external};

/// A hundred thousand payments: most are over, and much is due at another provider or later; refunds, and suspected returns.
const MANY: &str = "
    INSERT INTO payments
    SELECT copy.* FROM payments AS old, generate_series(1, 100000) AS n, jsonb_populate_record(old, jsonb_build_object(
               'id', gen_random_uuid(), 'provider', CASE WHEN n % 3 = 0 THEN 'simulator' ELSE 'stripe' END)
             || CASE WHEN n % 4 = 0 THEN jsonb_build_object('due_at', old.due_at + (n % 1000) * interval '1 minute')
                     ELSE jsonb_build_object('due_at', NULL, 'status', 'completed', 'ended_at', old.due_at) END) AS copy;
    INSERT INTO refunds (organization_id, id, payment_id, status, amount_minor, currency, metadata, attempts, due_at, checks,
                         ended_at, created_at, updated_at, version, provider)
    SELECT organization_id, gen_random_uuid(), id, CASE WHEN n % 10 = 0 THEN 'pending' ELSE 'completed' END, 1, currency,
           '{}', 0, CASE WHEN n % 10 = 0 THEN created_at + n * interval '1 second' END, 0,
           CASE WHEN n % 10 <> 0 THEN created_at END, created_at, created_at, 1, provider
      FROM (SELECT *, row_number() OVER () AS n FROM payments WHERE status = 'completed' LIMIT 20000) AS paid;
    INSERT INTO suspected_returns (payment_id, organization_id, provider, noticed_at, due_at)
    SELECT id, organization_id, provider, created_at, created_at + n * interval '1 second'
      FROM (SELECT *, row_number() OVER () AS n FROM payments WHERE status = 'completed' LIMIT 20000) AS paid;
    ANALYZE payments;
    ANALYZE refunds;
    ANALYZE suspected_returns;";

#[tokio::test]
async fn what_is_due_is_found_by_its_provider_and_its_time() {
    let ledger = Ledger::with(&[600, 0]).await;
    let world = &ledger.world;
    world.pay(external(Direction::Charge, 1)).await.unwrap();
    ledger.admin.run(MANY).await;
    let explained = explained(&world.url);
    let queries = PgPaymentWorkQueries::new(explained.database.clone());
    let simulator = ProviderName::parse("simulator").unwrap();
    let now = world.clock.now() + SignedDuration::from_mins(5);
    let length = log_of(&world.url).await.len();

    for _ in 0..UNTIL_PLANS_ARE_GENERIC {
        let due = queries.list_due(&simulator, now, 20).await.unwrap();
        let suspected = queries.list_suspected(&simulator, now, 20).await.unwrap();
        assert_eq!((due.len(), suspected.len()), (20, 20));
    }

    let plans = plans_since(&world.url, length).await;
    let of_payments = ["payments_due_at_provider", "refunds_due_at_provider"];
    assert_uses(&plans, "payments", &of_payments, "what is due");
    assert_uses(&plans, "refunds", &[], "what is due of refunds");
    let of_returns = ["suspected_returns_due"];
    assert_uses(&plans, "suspected_returns", &of_returns, "what may be back");
}

#[tokio::test]
async fn what_a_notice_is_about_is_found_among_what_is_under_way() {
    let ledger = Ledger::with(&[600, 0]).await;
    let world = &ledger.world;
    world.pay(external(Direction::Charge, 1)).await.unwrap();
    ledger.admin.run(MANY).await;
    let explained = explained(&world.url);
    let notice = ProviderNotice {
        provider: ProviderName::parse("simulator").unwrap(),
        keys: vec![Uuid::nil()],
        references: vec!["sim_1".to_owned()],
    };
    let now = world.clock.now();
    let length = log_of(&world.url).await.len();

    for _ in 0..UNTIL_PLANS_ARE_GENERIC {
        let notice = notice.clone();
        let heeded = explained.write(move |uow| {
            let notice = notice.clone();
            async move { uow.payment_work().hasten(&notice, now).await }.boxed()
        });
        assert_eq!(heeded.await.unwrap(), 0);
    }

    let plans = plans_since(&world.url, length).await;
    let of_work = ["payments_due_at_provider", "refunds_due_at_provider"];
    assert_uses(&plans, "payments", &of_work, "what is under way");
    assert_uses(&plans, "refunds", &[], "what is under way of refunds");
}
