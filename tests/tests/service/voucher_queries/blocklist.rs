//! Who may not redeem vouchers.

use reqwest::Method;
use serde_json::json;
use tests::{Client, Database, Stage, Tenant};

use super::{NOBODY, campaign, issue, shop, texts_of};

const LIST: &str = "/voucher-blocklist";

async fn emails(client: &Client, path: &str) -> Vec<String> {
    let list = client.get(path).await.expect(200);
    texts_of(&list, "email")
}

#[tokio::test]
async fn a_block_is_made_found_listed_and_lifted() {
    let (_service, client) = shop().await;
    let body = json!({"email": "Ada@Example.com", "metadata": {"reason": "chargebacks"}});

    let made = client.post(LIST, &body).await;
    let block = made.expect(201);
    let path = format!("{LIST}/{}", block["id"].as_str().unwrap());
    let again = client
        .post(LIST, &json!({"email": "ada@example.com"}))
        .await;

    assert_eq!(made.header("location"), format!("/api/v1{path}"));
    assert_eq!(made.header("etag"), "\"1\"");
    assert_eq!(block["email"], "ada@example.com");
    assert_eq!(block["customer_id"], json!(null));
    assert_eq!(block["metadata"], json!({"reason": "chargebacks"}));
    assert_eq!(again.expect(200), block);
    assert_eq!(client.get(&path).await.expect(200), block);
    let stale = client.delete(&path).header("If-Match", "\"7\"").await;
    assert_eq!(stale.verdict(), (412, "version_conflict".to_owned()));
    client
        .delete(&path)
        .header("If-Match", "\"1\"")
        .await
        .expect(204);
    assert_eq!(client.get(&path).await.status, 404);
    assert_eq!(client.delete(&path).await.status, 404);
    assert!(emails(&client, LIST).await.is_empty());
}

#[tokio::test]
async fn whoever_is_blocked_gets_nothing_until_the_block_is_lifted() {
    let (_service, client) = shop().await;
    let campaign = campaign(&client, &json!({})).await;
    issue(&client, &campaign, "SUMMER").await;
    let trial = json!({"currency": "USD", "total_minor": 8_000, "email": "ADA@example.com"});
    let validate = async || client.post("/vouchers/SUMMER/validate", &trial).await;

    let block = client
        .create(LIST, &json!({"email": "ada@example.com"}))
        .await;
    let blocked = validate().await;
    client.delete(&format!("{LIST}/{block}")).await.expect(204);
    let lifted = validate().await;

    assert_eq!(blocked.verdict(), (422, "customer_blocked".to_owned()));
    lifted.expect(200);
}

#[tokio::test]
async fn blocks_are_listed_newest_first_in_pieces_and_by_whom_they_are_of() {
    let client = Stage::client().await;
    let customer = client.create("/customers", &tests::customer()).await;
    for name in ["a", "b", "c"] {
        let body = json!({"email": format!("{name}@example.com")});
        client.create(LIST, &body).await;
    }
    client.create(LIST, &json!({"customer_id": customer})).await;

    let all = client.get(&format!("{LIST}?limit=3")).await.expect(200);
    let cursor = all["next_cursor"].as_str().unwrap();
    let rest = format!("{LIST}?limit=3&cursor={cursor}");

    assert_eq!(all["data"][0]["customer_id"], customer.as_str());
    assert_eq!(all["data"][1]["email"], "c@example.com");
    assert_eq!(emails(&client, &rest).await, ["a@example.com"]);
    let by_address = format!("{LIST}?email=B@example.com");
    assert_eq!(emails(&client, &by_address).await, ["b@example.com"]);
    let by_id = client.get(&format!("{LIST}?customer_id={customer}&page=1"));
    assert_eq!(by_id.await.expect(200)["total"], 1);
}

#[tokio::test]
async fn another_organization_sees_and_lifts_no_block() {
    let database = Database::fresh().await;
    let service = tests::Setup::on(&database).start().await;
    let ours = Tenant::on(&database).await.at(&service);
    let theirs = Tenant::on(&database).await.at(&service);
    let block = ours
        .create(LIST, &json!({"email": "ada@example.com"}))
        .await;
    let path = format!("{LIST}/{block}");

    assert_eq!(theirs.get(&path).await.status, 404);
    assert_eq!(theirs.delete(&path).await.status, 404);
    let by_name = theirs.delete(&format!("{LIST}?email=ada@example.com"));
    assert_eq!(by_name.await.status, 404);
    assert!(emails(&theirs, LIST).await.is_empty());
    theirs
        .create(LIST, &json!({"email": "ada@example.com"}))
        .await;
    ours.get(&path).await.expect(200);
}

#[tokio::test]
async fn a_block_is_of_one_customer_or_one_address() {
    let client = Stage::client().await;
    for body in [
        json!({}),
        json!({"email": null, "customer_id": null}),
        json!({"email": "ada@example.com", "customer_id": NOBODY}),
        json!({"email": ["ada@example.com"]}),
        json!({"customer_id": "ada"}),
        json!({"email": "ada@example.com", "metadata": {"k": 1}}),
    ] {
        let refused = client.post(LIST, &body).await;
        assert_eq!(refused.status, 400, "{body}");
    }
    let nobody = client.call(Method::GET, &format!("/api/v1{LIST}/nobody"));
    assert_eq!(
        nobody.await.verdict(),
        (400, "invalid_parameter".to_owned())
    );
}
