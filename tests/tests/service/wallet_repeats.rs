//! A key that was refused moves nothing later, whoever is registered meanwhile.

use serde_json::{Value, json};
use tests::{Client, Stage, customer};

async fn register(client: &Client, username: &str, national_id: &str) -> String {
    let body = json!({"username": username, "name": "Ada Lovelace", "dni": national_id, "currency": "USD"});
    let id = client.post("/users", &body).await.expect(201)["id"].clone();
    id.as_str().unwrap().to_owned()
}

fn payment(to: &str) -> Value {
    json!({"from_username": "ada1815", "to_username": to, "amount_minor": 100})
}

async fn balance(client: &Client, user_id: &str) -> Value {
    let wallet = client.get(&format!("/users/{user_id}/wallet")).await;
    wallet.expect(200)["balance_minor"].clone()
}

#[tokio::test]
async fn a_payment_to_nobody_stays_refused_when_somebody_comes() {
    let client = Stage::client().await;
    let ada = register(&client, "ada1815", "00000001").await;
    let recharge = json!({"amount_minor": 500});
    let path = format!("/users/{ada}/wallet/deposits");
    client
        .post(&path, &recharge)
        .idempotency_key("recharge")
        .await
        .expect(201);
    let pay = |key| {
        client
            .post("/wallet-transfers", &payment("charles1791"))
            .idempotency_key(key)
    };

    let refused = pay("k").await;
    let charles = register(&client, "charles1791", "00000002").await;
    let again = pay("k").await;

    assert_eq!(refused.verdict(), (404, "user_not_found".to_owned()));
    assert_eq!((again.status, &again.body), (404, &refused.body));
    let marks = [&refused, &again].map(|answer| answer.header("idempotency-replayed"));
    assert_eq!(marks, ["", "true"]);
    assert_eq!(balance(&client, &charles).await, 0);
    pay("another").await.expect(201);
    assert_eq!(balance(&client, &charles).await, 100);
}

#[tokio::test]
async fn a_key_of_another_request_is_refused_before_anybody_is_missed() {
    let client = Stage::client().await;
    let made = client.post("/customers", &customer()).idempotency_key("k");
    made.await.expect(201);

    let unknown = "/users/01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23/wallet";
    let movement = json!({"amount_minor": 100});
    for (path, body) in [
        ("/wallet-transfers".to_owned(), payment("nobody")),
        (format!("{unknown}/deposits"), movement.clone()),
        (format!("{unknown}/withdrawals"), movement.clone()),
    ] {
        let other = client.post(&path, &body).idempotency_key("k").await;
        let own = path.replace('/', "-");
        let refused = client.post(&path, &body).idempotency_key(&own).await;
        let again = client.post(&path, &body).idempotency_key(&own).await;

        assert_eq!(other.verdict(), (422, "idempotency_key_reused".to_owned()));
        assert_eq!((refused.status, again.status), (404, 404), "{path}");
        assert_eq!(again.header("idempotency-replayed"), "true", "{path}");
    }
}
