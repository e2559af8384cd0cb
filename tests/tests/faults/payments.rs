//! Payments through a provider, under fire. The provider's own record is the judge: it has moved the money of each payment
//! once, or not at all.

mod breaker;
pub(crate) mod neighbours;
pub(crate) mod notices;
mod refunds;
mod takeover;
mod unbooked;
mod workers;

use std::time::Duration;

use serde_json::{Value, json};
use tests::{
    Client, Database, Service, Setup, Tenant, assert_every_change_is_told, verify_ledger, within,
};

/// How long payments may take until all of them have come to an end, with all the waiting in between.
const PATIENCE: Duration = Duration::from_mins(3);

const OPENING_MINOR: i64 = 100_000_000;

/// Orders of the record that moved money for a payment that is not completed, or the other way round; and payments that
/// moved another amount.
const OUT_OF_STEP: &str = "
    SELECT count(*) FROM payments AS p
      FULL JOIN (SELECT * FROM simulator_orders WHERE work IN ('charge', 'payout')) AS o ON o.key = p.id
     WHERE (coalesce(p.status, 'none') IN ('completed', 'partially_refunded', 'refunded')) <> (o.moved_at IS NOT NULL)
        OR o.amount_minor <> p.amount_minor";

/// The same of orders that give money back, and refunds.
const REFUNDS_OUT_OF_STEP: &str = "
    SELECT count(*) FROM refunds AS r
      FULL JOIN (SELECT * FROM simulator_orders WHERE work IN ('refund', 'recall')) AS o ON o.key = r.id
     WHERE (coalesce(r.status, 'none') = 'completed') <> (o.moved_at IS NOT NULL) OR o.amount_minor <> r.amount_minor";

/// Payments that do not tell what was given back of them.
const NOT_REFUNDED_AS_TOLD: &str = "
    SELECT count(*) FROM payments AS p
     WHERE p.refunding_minor <> 0
        OR p.refunded_minor <> (SELECT coalesce(sum(r.amount_minor), 0) FROM refunds AS r
                                 WHERE r.payment_id = p.id AND r.status = 'completed')";

/// Each payment that has completed was posted once, and so was each refund.
const NOT_POSTED_ONCE: &str = "
    SELECT count(*) FROM payments AS p
     WHERE (p.status IN ('completed', 'partially_refunded', 'refunded'))::int
           <> (SELECT count(*) FROM transfers AS t WHERE t.kind = 'provider_payment' AND t.reference = p.id::text)";

const REFUNDS_NOT_POSTED_ONCE: &str = "
    SELECT count(*) FROM refunds AS r
     WHERE (r.status = 'completed')::int
           <> (SELECT count(*) FROM transfers AS t WHERE t.kind = 'provider_refund' AND t.reference = r.id::text)";

const WITHOUT_THEIR_HISTORY: &str = "
    SELECT count(*) FROM payments AS p
     WHERE p.version <> (SELECT count(*) FROM payment_events AS e WHERE e.payment_id = p.id)";

const STILL_HELD: &str = "SELECT count(*) FROM holds WHERE status = 'pending'";

const RUNNING: &str = "
    SELECT (SELECT count(*) FROM payments WHERE status IN ('pending', 'processing', 'unknown'))
         + (SELECT count(*) FROM refunds WHERE status IN ('pending', 'processing', 'unknown'))";

/// A service that accepts payments, and an account with money.
pub(crate) struct Scene {
    pub(crate) database: Database,
    _service: Service,
    pub(crate) client: Client,
    account: String,
    /// For workers: as patient as a test.
    pub(crate) setup: Setup,
}

impl Scene {
    async fn new() -> Self {
        Self::with(|setup| setup).await
    }

    pub(crate) async fn with(change: impl FnOnce(Setup) -> Setup) -> Self {
        let database = Database::fresh().await;
        let setup = change(hasty(Setup::on(&database)));
        // The scheduler chains transfers, which is looked at in the end.
        let service = setup
            .clone()
            .in_role("api")
            .and_role("relay")
            .and_role("scheduler")
            .start()
            .await;
        let tenant = Tenant::on(&database).await;
        let client = tenant.at(&service);
        let body =
            json!({"owner": "cash", "currency": "USD", "initial_balance_minor": OPENING_MINOR});
        let opened = client.post("/accounts", &body).idempotency_key("cash");
        let account = opened.await.expect(201);
        Self {
            account: account["id"].as_str().expect("an id").to_owned(),
            database,
            _service: service,
            client,
            setup,
        }
    }

    async fn worker(&self) -> Service {
        self.setup.clone().in_role("worker").start().await
    }

    /// Asks for a payout that the simulator deals with like that.
    pub(crate) async fn pay(&self, number: usize, simulate: &str) -> String {
        let body = json!({
            "payment_type": "external_payment", "direction": "payout", "provider": "simulator",
            "source_account_id": self.account, "amount_minor": 1_000, "currency": "USD",
            "metadata": {"simulate": simulate},
        });
        let call = self.client.post("/payments", &body);
        let accepted = call
            .idempotency_key(&format!("pay-{number}"))
            .await
            .expect(202);
        accepted["id"].as_str().expect("an id").to_owned()
    }

    async fn payment(&self, id: &str) -> Value {
        self.client
            .get(&format!("/payments/{id}"))
            .await
            .expect(200)
    }

    pub(crate) async fn count(&self, condition: &str) -> i64 {
        let statement = format!("SELECT count(*) FROM payments WHERE {condition}");
        self.database.count(&statement, &[]).await
    }

    /// Waits until so many payments are like that.
    async fn until(&self, count: i64, condition: &str) {
        within(PATIENCE, format!("{count} are {condition}"), async || {
            (self.count(condition).await == count).then_some(())
        })
        .await;
    }

    /// Waits until nothing is under way any more, and looks through the books.
    pub(crate) async fn assert_all_is_well(&self) {
        within(PATIENCE, "all payments have come to an end", async || {
            (self.database.count(RUNNING, &[]).await == 0).then_some(())
        })
        .await;
        for statement in [
            OUT_OF_STEP,
            REFUNDS_OUT_OF_STEP,
            NOT_REFUNDED_AS_TOLD,
            NOT_POSTED_ONCE,
            REFUNDS_NOT_POSTED_ONCE,
            WITHOUT_THEIR_HISTORY,
            STILL_HELD,
        ] {
            assert_eq!(self.database.count(statement, &[]).await, 0, "{statement}");
        }
        assert_every_change_is_told(&self.database).await;
        verify_ledger(&self.database).await;
    }
}

/// Every attempt whose worker is killed is used up: on a busy machine five of them may be those of one payment.
fn never_giving_up(setup: Setup) -> Setup {
    setup.with("PAYMENTS__ATTEMPTS_MAX", 100)
}

/// What takes seconds and minutes takes fractions of seconds and seconds.
fn hasty(setup: Setup) -> Setup {
    setup
        .with("PROVIDERS__SIMULATOR__ENABLED", true)
        .with("PAYMENTS__RETRY_FIRST_MS", 50)
        .with("PAYMENTS__RETRY_LONGEST_MS", 500)
        .with("PAYMENTS__CHECKS_S", 1)
        .with("PAYMENTS__CALL_LIMIT_MS", 1_000)
        .with("PAYMENTS__LOST_AFTER_MS", 2_000)
        .with("PAYMENTS__LEASE_MS", 1_000)
        .with("PAYMENTS__SWEEP_MS", 50)
        .with("PAYMENTS__BREAKER_CALLS_MIN", 1_000_000)
}
