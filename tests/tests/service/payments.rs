//! Payments as clients meet them: what is refused and why, what many at once come to, and what was given up.

mod at_once;
mod called_off;
mod dead_letters;
mod fields;
mod lists;
mod refunds;
mod refusals;

use serde_json::{Value, json};
use tests::{Answer, Client, Database, Service, Setup, Tenant, eventually, invoice, line};
use tokio::sync::OnceCell;

use crate::form::fresh_key;

/// A service whose workers are as patient as a test.
static SERVICE: OnceCell<Service> = OnceCell::const_new();

async fn service() -> &'static Service {
    let start = async || {
        let setup = Setup::on(&Database::fresh().await)
            .and_role("worker")
            .with("PROVIDERS__SIMULATOR__ENABLED", true)
            .with("PAYMENTS__ATTEMPTS_MAX", 2)
            .with("PAYMENTS__RETRY_FIRST_MS", 50)
            .with("PAYMENTS__CHECKS_S", 1)
            .with("PAYMENTS__CALL_LIMIT_MS", 1_000)
            .with("PAYMENTS__BREAKER_CALLS_MIN", 1_000);
        setup.start().await
    };
    SERVICE.get_or_init(start).await
}

/// A new organization with an account on which is so much, and one with nothing.
struct Till {
    client: Client,
    full: String,
    empty: String,
}

impl Till {
    async fn with(opening_minor: i64) -> Self {
        let service = service().await;
        let client = Tenant::on(service.database()).await.at(service);
        let full = account(&client, "USD", opening_minor).await;
        let empty = account(&client, "USD", 0).await;
        Self {
            client,
            full,
            empty,
        }
    }

    fn internal(&self, minor: i64) -> Value {
        json!({
            "payment_type": "internal_transfer", "source_account_id": self.full,
            "destination_account_id": self.empty, "amount_minor": minor, "currency": "USD",
        })
    }

    fn payout(&self, minor: i64) -> Value {
        json!({
            "payment_type": "external_payment", "direction": "payout", "provider": "simulator",
            "source_account_id": self.full, "amount_minor": minor, "currency": "USD",
        })
    }

    /// Into the account with nothing on it.
    fn charge(&self, minor: i64) -> Value {
        json!({
            "payment_type": "external_payment", "direction": "charge", "provider": "simulator",
            "destination_account_id": self.empty, "amount_minor": minor, "currency": "USD",
        })
    }

    async fn pay(&self, body: &Value) -> Answer {
        let call = self.client.post("/payments", body);
        call.idempotency_key(&fresh_key()).await
    }

    /// Makes a payment, and waits until it stands there.
    async fn paid(&self, body: &Value, status: &str) -> String {
        let accepted = self.pay(body).await;
        assert!(matches!(accepted.status, 201 | 202), "{}", accepted.text());
        let id = accepted.json()["id"].as_str().unwrap().to_owned();
        comes_to_be(&self.client, &format!("/payments/{id}"), status).await;
        id
    }

    async fn refund(&self, payment: &str, body: &Value) -> Answer {
        let call = self
            .client
            .post(&format!("/payments/{payment}/refunds"), body);
        call.idempotency_key(&fresh_key()).await
    }

    /// What is on an account, and what of that is held.
    async fn on(&self, account: &str) -> (i64, i64) {
        let found = self
            .client
            .get(&format!("/accounts/{account}"))
            .await
            .expect(200);
        let minor = |name: &str| found[name].as_i64().unwrap();
        (minor("balance_minor"), minor("held_minor"))
    }

    /// An invoice over so much that was sent.
    async fn invoice(&self, total_minor: i64) -> String {
        let mut body = invoice();
        body["currency"] = json!("USD");
        body["items"] = json!([line(1, total_minor, 0)]);
        let id = self.client.create("/invoices", &body).await;
        self.client.mark(&id, "sent").await.expect(200);
        id
    }
}

async fn account(client: &Client, currency: &str, opening_minor: i64) -> String {
    let body =
        json!({"owner": "till", "currency": currency, "initial_balance_minor": opening_minor});
    let opened = client
        .post("/accounts", &body)
        .idempotency_key(&fresh_key());
    opened.await.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn comes_to_be(client: &Client, path: &str, status: &str) {
    eventually(format!("{path} is {status}"), async || {
        (client.get(path).await.json()["status"] == status).then_some(())
    })
    .await;
}

/// The same with other fields; what is `null` is taken away.
fn but(mut body: Value, changes: Value) -> Value {
    let fields = body.as_object_mut().unwrap();
    let Value::Object(changes) = changes else {
        return body;
    };
    for (name, value) in changes {
        if value.is_null() {
            fields.remove(&name);
        } else {
            fields.insert(name, value);
        }
    }
    body
}
