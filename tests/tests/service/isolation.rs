//! What others have does not exist.

use serde_json::json;
use tests::{Client, Stage, customer, invoice};

async fn two() -> (Client, Client) {
    (Stage::client().await, Stage::client().await)
}

#[tokio::test]
async fn ids_of_others_are_unknown() {
    let (ours, theirs) = two().await;
    let invoice_id = theirs.create("/invoices", &invoice()).await;
    let customer_id = theirs.create("/customers", &customer()).await;
    let key_id = theirs
        .create("/api-keys", &json!({"name": "k", "scopes": ["*"]}))
        .await;
    let hooks = json!({"url": "https://shop.invalid/", "event_types": ["*"]});
    let webhook_id = theirs.create("/webhooks", &hooks).await;
    let webhook = |below: &str| format!("/webhooks/{webhook_id}{below}");
    // Ours knows nothing of it even after theirs is in the cache.
    theirs
        .get(&format!("/invoices/{invoice_id}"))
        .await
        .expect(200);

    let answers = [
        ours.get(&format!("/invoices/{invoice_id}")).await,
        ours.patch(&format!("/invoices/{invoice_id}"), &json!({"notes": "x"}))
            .await,
        ours.mark(&invoice_id, "sent").await,
        ours.delete(&format!("/invoices/{invoice_id}")).await,
        ours.get(&format!("/invoices/{invoice_id}/events")).await,
        ours.get(&format!("/customers/{customer_id}")).await,
        ours.patch(&format!("/customers/{customer_id}"), &json!({"name": "x"}))
            .await,
        ours.delete(&format!("/customers/{customer_id}")).await,
        ours.get(&format!("/api-keys/{key_id}")).await,
        ours.delete(&format!("/api-keys/{key_id}")).await,
        ours.get(&webhook("")).await,
        ours.get(&webhook("/deliveries")).await,
        ours.patch(&webhook(""), &json!({"enabled": false})).await,
        ours.delete(&webhook("")).await,
        ours.post(&webhook("/test"), &json!({})).await,
        ours.post(&webhook("/rotate-secret"), &json!({})).await,
        ours.post(
            &webhook("/replay"),
            &json!({"since": "2026-01-01T00:00:00Z"}),
        )
        .await,
    ];

    let unknown = ours
        .get("/invoices/0193aaaa-0000-7000-8000-000000000000")
        .await;
    for answer in answers {
        assert_eq!(answer.verdict(), unknown.verdict(), "{}", answer.text());
    }
    assert_eq!(
        theirs
            .get(&format!("/invoices/{invoice_id}"))
            .await
            .expect(200)["version"],
        1
    );
}

#[tokio::test]
async fn lists_and_sums_hold_only_what_is_ours() {
    let (ours, theirs) = two().await;
    let mut numbered = invoice();
    numbered["number"] = json!("A-1");
    let id = theirs.create("/invoices", &numbered).await;
    theirs.mark(&id, "sent").await.expect(200);
    theirs.create("/customers", &customer()).await;

    for path in [
        "/invoices",
        "/invoices?number=A-1",
        "/invoices?page=1",
        "/customers",
        "/webhooks",
        "/invoices/summary",
    ] {
        assert_eq!(
            ours.get(path).await.expect(200)["data"],
            json!([]),
            "{path}"
        );
    }
    let keys = ours.get("/api-keys").await.expect(200);
    assert_eq!(keys["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn numbers_and_external_ids_of_others_are_free() {
    let (ours, theirs) = two().await;
    let (mut numbered, mut known) = (invoice(), customer());
    numbered["number"] = json!("A-1");
    known["external_id"] = json!("CRM-7");
    for client in [&theirs, &ours] {
        client.create("/invoices", &numbered).await;
        client.create("/customers", &known).await;
    }
}

#[tokio::test]
async fn series_of_others_do_not_count() {
    let (ours, theirs) = two().await;
    for client in [&theirs, &ours] {
        let id = client.create("/invoices", &invoice()).await;

        let sent = client.mark(&id, "sent").await.expect(200);

        assert!(
            sent["number"].as_str().unwrap().ends_with("-000001"),
            "{sent}"
        );
    }
    let register = ours.get("/invoices/number-register").await.expect(200);
    assert_eq!(register["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn customers_of_others_cannot_be_billed() {
    let (ours, theirs) = two().await;
    let customer_id = theirs.create("/customers", &customer()).await;
    let bill = |id: &str| json!({"customer_id": id, "items": invoice()["items"]});

    let foreign = ours.post("/invoices", &bill(&customer_id)).await;
    let unknown = ours
        .post("/invoices", &bill("0193aaaa-0000-7000-8000-000000000000"))
        .await;

    assert_eq!(foreign.verdict(), unknown.verdict());
    assert!(matches!(foreign.status, 404 | 422), "{}", foreign.text());
}

#[tokio::test]
async fn cursors_of_others_are_no_cursors() {
    let (ours, theirs) = two().await;
    for _ in 0..2 {
        theirs.create("/invoices", &invoice()).await;
    }
    let page = theirs.get("/invoices?limit=1").await.expect(200);

    let answer = ours
        .get(&format!(
            "/invoices?cursor={}",
            page["next_cursor"].as_str().unwrap()
        ))
        .await;

    assert_eq!(answer.verdict(), (400, "invalid_cursor".to_owned()));
}

#[tokio::test]
async fn cursors_of_another_list_are_no_cursors() {
    let client = Stage::client().await;
    for _ in 0..2 {
        client.create("/invoices", &invoice()).await;
    }
    let page = client.get("/invoices?limit=1").await.expect(200);

    let answer = client
        .get(&format!(
            "/customers?cursor={}",
            page["next_cursor"].as_str().unwrap()
        ))
        .await;

    assert_eq!(answer.verdict(), (400, "invalid_cursor".to_owned()));
}

#[tokio::test]
async fn idempotency_keys_of_others_are_free() {
    let (ours, theirs) = two().await;
    let create = |client: &Client| client.post("/invoices", &invoice()).idempotency_key("k");
    let first = create(&theirs).await.expect(201);

    let second = create(&ours).await;

    assert_ne!(second.expect(201)["id"], first["id"]);
    assert_eq!(second.header("idempotency-replayed"), "");
}
