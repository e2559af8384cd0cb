//! What a provider tells without being asked, of a payout that arrives and comes back.

use std::sync::{Arc, Mutex};

use reqwest::Method;
use ring::hmac;
use serde_json::json;
use tests::{Client, Database, Service, Setup, Tenant, verify_ledger, within};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{PATIENCE, hasty};

const SECRET: &str = "whsec_test";

/// A Stripe that has one payout, and says of it what it is told to.
struct Stripe {
    url: String,
    status: Arc<Mutex<&'static str>>,
}

impl Stripe {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let status = Arc::new(Mutex::new("pending"));
        let told = Arc::clone(&status);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, Arc::clone(&told)));
            }
        });
        Self { url, status }
    }

    fn say(&self, status: &'static str) {
        *self.status.lock().expect("nobody panics") = status;
    }
}

/// Answers every request alike: whoever asks has one payout.
async fn serve(mut connection: TcpStream, status: Arc<Mutex<&'static str>>) {
    while read_request(&mut connection).await.is_some() {
        let status = *status.lock().expect("nobody panics");
        let payout = json!({"id": "po_1", "status": status, "failure_code": "account_closed"});
        let body = payout.to_string();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if connection.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Reads a request to its end, and gives it in lower case; nothing if there is none.
pub(crate) async fn read_request(connection: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length = length.map_or(0, |it| it.parse().expect("a number"));
            if body.len() >= length {
                return Some(text);
            }
        }
        let mut piece = [0; 4_096];
        match connection.read(&mut piece).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(&piece[..read]),
            Ok(_) | Err(_) => return None,
        }
    }
}

/// A notice as Stripe signs it.
async fn tell(service: &Service, id: &str, kind: &str) {
    let body = json!({"id": id, "type": kind, "data": {"object": {"id": "po_1"}}}).to_string();
    let now = "SELECT extract(epoch FROM now())::bigint";
    let time = service.database().count(now, &[]).await;
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let tag = hmac::sign(&key, format!("{time}.{body}").as_bytes());
    let bytes = tag.as_ref().iter();
    let tag = bytes.fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let notice = service
        .stranger()
        .call(Method::POST, "/provider-webhooks/stripe")
        .header("stripe-signature", &format!("t={time},v1={tag}"))
        .text(body);
    assert_eq!(notice.await.status, 204);
}

async fn pay_out(client: &Client) -> (String, String) {
    let body = json!({"owner": "cash", "currency": "EUR", "initial_balance_minor": 5_000});
    let opened = client
        .post("/accounts", &body)
        .idempotency_key("cash")
        .await;
    let account = opened.expect(201)["id"].as_str().expect("an id").to_owned();
    let body = json!({
        "payment_type": "external_payment", "direction": "payout", "provider": "stripe",
        "source_account_id": account, "amount_minor": 2_000, "currency": "EUR",
    });
    let accepted = client.post("/payments", &body).idempotency_key("pay").await;
    let payment = accepted.expect(202)["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    (account, payment)
}

#[tokio::test]
async fn a_payout_completes_as_soon_as_its_provider_tells_and_is_booked_back_when_it_comes_back() {
    let (database, stripe) = (Database::fresh().await, Stripe::start().await);
    // Nobody would ask again before tomorrow.
    let service = hasty(Setup::on(&database))
        .with("PAYMENTS__CHECKS_S", 86_400)
        .with("PROVIDERS__ANSWER_TIMEOUT_MS", 600)
        .with("PROVIDERS__STRIPE__URL", &stripe.url)
        .with("PROVIDERS__STRIPE__SECRET_KEY", "sk_test_1")
        .with("PROVIDERS__STRIPE__WEBHOOK_SECRET", SECRET)
        .in_role("api")
        .and_role("worker")
        .start()
        .await;
    let client = Tenant::on(&database).await.at(&service);
    let (account, payment) = pay_out(&client).await;
    let becomes = async |status: &str| {
        within(PATIENCE, format!("it is {status}"), async || {
            let found = client
                .get(&format!("/payments/{payment}"))
                .await
                .expect(200);
            (found["status"] == status).then_some(())
        })
        .await;
        let path = format!("/accounts/{account}/balance");
        client.get(&path).await.expect(200)["balance_minor"].clone()
    };

    let taken_on = becomes("unknown").await;
    stripe.say("paid");
    tell(&service, "evt_1", "payout.paid").await;
    let arrived = becomes("completed").await;
    stripe.say("failed");
    tell(&service, "evt_2", "payout.failed").await;
    let returned = becomes("refunded").await;
    tell(&service, "evt_2", "payout.failed").await;
    tell(&service, "evt_3", "payout.failed").await;
    within(PATIENCE, "nothing is suspected", async || {
        let suspected = "SELECT count(*) FROM suspected_returns";
        (database.count(suspected, &[]).await == 0).then_some(())
    })
    .await;

    assert_eq!(
        (taken_on, arrived, returned),
        (json!(5_000), json!(3_000), json!(5_000))
    );
    let refunds = client
        .get(&format!("/payments/{payment}/refunds"))
        .await
        .expect(200);
    assert_eq!(refunds["data"].as_array().unwrap().len(), 1, "{refunds}");
    assert_eq!(
        refunds["data"][0]["reason"],
        "returned by stripe: account_closed"
    );
    verify_ledger(&database).await;
}
