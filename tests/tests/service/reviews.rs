//! The review of invoices, as clients meet it.

use serde_json::{Value, json};
use tests::{Client, Database, Service, Setup, Tenant, eventually, invoice, line};

const TOTAL_MAX: i64 = 200_000;

/// A service that reviews, and a client of it.
async fn reviewing() -> (Service, Client) {
    let database = Database::fresh().await;
    let setup = Setup::on(&database)
        .and_role("validator")
        .with("REVIEW__TOTAL_MINOR_MAX", TOTAL_MAX);
    let service = setup.start().await;
    let client = Tenant::on(&database).await.at(&service);
    (service, client)
}

/// More than may be approved.
fn dear() -> Value {
    let mut body = invoice();
    body["items"] = json!([line(1, TOTAL_MAX + 1, 0)]);
    body
}

/// The invoice once it has its verdict.
async fn reviewed(client: &Client, path: &str) -> Value {
    eventually("the invoice is reviewed", async || {
        let shown = client.get(path).await.expect(200);
        (shown["review"]["status"] != "pending").then_some(shown)
    })
    .await
}

async fn created(client: &Client, body: &Value) -> String {
    format!("/invoices/{}", client.create("/invoices", body).await)
}

#[tokio::test]
async fn a_new_invoice_is_pending_and_soon_approved() {
    let (_service, client) = reviewing().await;

    let new = client.post("/invoices", &invoice()).await.expect(201);
    let path = format!("/invoices/{}", new["id"].as_str().unwrap());
    let later = reviewed(&client, &path).await;

    let pending = json!({"status": "pending", "reasons": [], "reviewed_at": null});
    assert_eq!((&new["review"], &new["version"]), (&pending, &json!(1)));
    assert_eq!(later["review"]["status"], "approved");
    assert_eq!(later["review"]["reasons"], json!([]));
    assert_eq!(later["review"]["reviewed_at"], later["updated_at"]);
    assert_eq!(later["version"], 2);
    let listed = client.get("/invoices").await.expect(200);
    assert_eq!(listed["data"][0]["review"], later["review"]);
}

#[tokio::test]
async fn a_rejected_invoice_tells_why_and_is_not_sent_until_it_is_edited() {
    let (_service, client) = reviewing().await;
    let path = created(&client, &dear()).await;

    let rejected = reviewed(&client, &path).await;
    let status = format!("{path}/status");
    let refused = client.patch(&status, &json!({"status": "sent"})).await;
    let edited = client
        .patch(&path, &json!({"items": [line(1, TOTAL_MAX, 0)]}))
        .await
        .expect(200);
    let approved = reviewed(&client, &path).await;

    assert_eq!(rejected["review"]["reasons"][0]["code"], "total_too_high");
    assert_eq!(refused.verdict(), (422, "review_rejected".to_owned()));
    let detail = refused.json()["detail"].clone();
    assert!(
        detail.as_str().unwrap().contains("total_too_high"),
        "{detail}"
    );
    assert_eq!(edited["review"]["status"], "pending");
    assert_eq!(approved["review"]["status"], "approved");
    let sent = client.patch(&status, &json!({"status": "sent"})).await;
    assert_eq!(sent.expect(200)["review"]["status"], "approved");
}

#[tokio::test]
async fn the_same_invoice_twice_is_a_possible_duplicate() {
    let (_service, client) = reviewing().await;
    let first = created(&client, &invoice()).await;
    reviewed(&client, &first).await;

    let second = reviewed(&client, &created(&client, &invoice()).await).await;

    let reason = &second["review"]["reasons"][0];
    assert_eq!(reason["code"], "possible_duplicate");
    let original = first.rsplit('/').next().unwrap();
    assert!(reason["message"].as_str().unwrap().contains(original));
}

#[tokio::test]
async fn the_timeline_names_the_validator_and_its_verdict() {
    let (_service, client) = reviewing().await;
    let path = created(&client, &dear()).await;
    reviewed(&client, &path).await;

    let timeline = client.get(&format!("{path}/events")).await.expect(200);

    let entry = &timeline["data"][0];
    assert_eq!(entry["type"], "invoice.rejected");
    assert_eq!(
        entry["actor"],
        json!({"kind": "role", "id": null, "name": "validator"})
    );
    assert_eq!(
        entry["changes"]["review"],
        json!({"from": "pending", "to": "rejected"})
    );
    assert_eq!(entry["invoice_version"], 2);
}

#[tokio::test]
async fn whoever_has_read_an_invoice_before_its_verdict_can_still_change_it() {
    let (_service, client) = reviewing().await;
    let path = created(&client, &invoice()).await;
    let verdict = reviewed(&client, &path).await;

    let edited = client
        .patch(&path, &json!({"notes": "as created"}))
        .header("If-Match", "\"1\"")
        .await;

    assert_eq!(verdict["version"], 2);
    assert_eq!((edited.status, edited.header("etag")), (200, "\"3\""));
    reviewed(&client, &path).await;
    for stale in ["\"1\"", "\"2\""] {
        let late = client
            .patch(&path, &json!({"notes": "lost"}))
            .header("If-Match", stale)
            .await;
        assert_eq!(late.verdict(), (412, "version_conflict".to_owned()));
    }
    let seen = client.get(&path).header("If-None-Match", "\"3\"").await;
    assert_eq!((seen.status, seen.header("etag")), (200, "\"4\""));
}
