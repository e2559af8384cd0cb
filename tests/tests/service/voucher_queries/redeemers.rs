//! Who redeems, where a request names a customer and an address at once.

use serde_json::{Value, json};
use tests::{Answer, Client, Stage, customer};

use super::{campaign, issue, shop, shown};

/// A customer with this address.
async fn customer_at(client: &Client, address: &str) -> String {
    let mut body = customer();
    body["email"] = address.into();
    client.create("/customers", &body).await
}

/// Many gifts of 5.00 USD with the code `GIFT`, up to what `more` says, and an account for their money.
async fn gifts(client: &Client, more: &Value) -> String {
    let mut terms = json!({"kind": "gift", "max_redemptions_per_code": 9});
    for (field, value) in more.as_object().unwrap() {
        terms[field] = value.clone();
    }
    let id = campaign(client, &terms).await;
    issue(client, &id, "GIFT").await;
    let account = json!({"owner": "ada", "currency": "USD"});
    client.create("/accounts", &account).await
}

async fn redeem(client: &Client, account: &str, by: &Value) -> Answer {
    let mut body = by.clone();
    body["account_id"] = account.into();
    let redeem = client.post("/vouchers/GIFT/redeem", &body);
    redeem.idempotency_key(&by.to_string()).await
}

/// What a cart of 80.00 USD is, when it is somebody's.
fn cart(by: &Value) -> Value {
    let mut body = by.clone();
    body["currency"] = "USD".into();
    body["total_minor"] = 8_000.into();
    body
}

#[tokio::test]
async fn a_block_of_an_address_is_not_evaded_by_naming_another_one() {
    let client = Stage::client().await;
    let account = gifts(&client, &json!({})).await;
    let ada = customer_at(&client, "ada@example.com").await;
    let block = json!({"email": "Ada@example.com"});
    client.create("/voucher-blocklist", &block).await;
    let disguised = json!({"customer_id": ada, "email": "z@example.com"});
    let mut scanned = cart(&disguised);
    scanned["text"] = "GIFT".into();

    let refused = [
        redeem(&client, &account, &disguised).await,
        client
            .post("/vouchers/GIFT/validate", &cart(&disguised))
            .await,
        client.post("/vouchers/scan", &scanned).await,
    ];

    for answer in refused {
        assert_eq!(answer.verdict(), (422, "customer_blocked".to_owned()));
    }
    let stranger = json!({"email": "z@example.com"});
    redeem(&client, &account, &stranger).await.expect(201);
}

#[tokio::test]
async fn what_is_applicable_to_a_customer_is_not_what_is_applicable_to_another_address() {
    let (_service, client) = shop().await;
    gifts(&client, &json!({})).await;
    let ada = customer_at(&client, "ada@example.com").await;
    let block = json!({"email": "ada@example.com"});
    client.create("/voucher-blocklist", &block).await;
    let offered = "/vouchers/applicable?currency=USD&total_minor=8000&email=z@example.com";
    let rows = |list: &Value| list["data"].as_array().unwrap().len();

    let of_nobody = shown(&client, offered, |list| rows(list) == 1).await;
    let of_ada = client.get(&format!("{offered}&customer_id={ada}")).await;

    assert_eq!(of_nobody["data"][0]["code"], "GIFT");
    assert_eq!(of_ada.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn a_limit_per_customer_is_not_evaded_by_naming_another_address() {
    let client = Stage::client().await;
    let account = gifts(&client, &json!({"max_redemptions_per_customer": 1})).await;
    let ada = customer_at(&client, "ada@example.com").await;
    let anonymous = json!({"name": "Somebody"});
    let anonymous = client.create("/customers", &anonymous).await;
    let redeem = async |by: Value| redeem(&client, &account, &by).await;

    let disguised = json!({"customer_id": ada, "email": "z@example.com"});
    redeem(disguised).await.expect(201);
    let herself = redeem(json!({"email": "ada@example.com"})).await;
    // Nobody else has used the other address up; and a customer without one is known by what is given.
    redeem(json!({"email": "z@example.com"})).await.expect(201);
    let other = json!({"customer_id": anonymous, "email": "a@example.com"});
    redeem(other).await.expect(201);
    let known = redeem(json!({"email": "A@example.com"})).await;

    for answer in [herself, known] {
        assert_eq!(answer.verdict(), (422, "voucher_customer_limit".to_owned()));
    }
}
