//! Requests under a condition: `If-Match` against lost updates, `If-None-Match` against answers that are known already.

use serde_json::json;
use tests::{Client, Stage, customer, invoice};

async fn new_draft(client: &Client) -> String {
    let created = client.post("/invoices", &invoice()).await.expect(201);
    format!("/invoices/{}", created["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_change_of_a_version_that_is_gone_is_refused() {
    let client = Stage::client().await;
    let draft = new_draft(&client).await;
    let changes = json!({"notes": "first"});
    client
        .patch(&draft, &changes)
        .header("If-Match", "\"1\"")
        .await
        .expect(200);

    let answers = [
        client
            .patch(&draft, &changes)
            .header("If-Match", "\"1\"")
            .await,
        client
            .patch(&format!("{draft}/status"), &json!({"status": "sent"}))
            .header("If-Match", "\"1\"")
            .await,
        client.delete(&draft).header("If-Match", "\"1\"").await,
        client.delete(&draft).header("If-Match", "W/\"2\"").await,
        client.delete(&draft).header("If-Match", "\"abc\"").await,
    ];

    for answer in answers {
        assert_eq!(answer.verdict(), (412, "version_conflict".to_owned()));
    }
    let now = client.get(&draft).await;
    assert_eq!(
        (now.header("etag"), &now.json()["notes"]),
        ("\"2\"", &json!("first"))
    );
}

#[tokio::test]
async fn a_change_of_the_version_that_is_there_is_made() {
    let client = Stage::client().await;
    let draft = new_draft(&client).await;

    client
        .patch(&draft, &json!({"notes": "1"}))
        .header("If-Match", "\"1\"")
        .await
        .expect(200);
    client
        .patch(&draft, &json!({"notes": "2"}))
        .header("If-Match", "\"7\", \"2\"")
        .await
        .expect(200);
    client
        .patch(&draft, &json!({"notes": "3"}))
        .header("If-Match", "*")
        .await
        .expect(200);
    let deleted = client.delete(&draft).header("If-Match", "\"4\"").await;

    assert_eq!(deleted.status, 204);
}

#[tokio::test]
async fn what_is_known_already_is_not_sent_again() {
    let client = Stage::client().await;
    let draft = new_draft(&client).await;
    for tags in ["\"1\"", "W/\"1\"", "\"0\", \"1\"", "*"] {
        let answer = client.get(&draft).header("If-None-Match", tags).await;

        assert_eq!(
            (answer.status, answer.body.len(), answer.header("etag")),
            (304, 0, "\"1\""),
            "{tags}"
        );
    }
    client
        .get(&draft)
        .header("If-None-Match", "\"2\"")
        .await
        .expect(200);
    client
        .patch(&draft, &json!({"notes": "new"}))
        .await
        .expect(200);
    client
        .get(&draft)
        .header("If-None-Match", "\"1\"")
        .await
        .expect(200);
}

#[tokio::test]
async fn malformed_tags_are_refused() {
    let client = Stage::client().await;
    let draft = new_draft(&client).await;
    for tags in ["1", "\"1", "\"1\" \"2\"", "*, \"1\"", "w/\"1\""] {
        let answers = [
            client.get(&draft).header("If-None-Match", tags).await,
            client
                .patch(&draft, &json!({"notes": "x"}))
                .header("If-Match", tags)
                .await,
            client.delete(&draft).header("If-Match", tags).await,
        ];
        for answer in answers {
            assert_eq!(
                answer.verdict(),
                (400, "invalid_header".to_owned()),
                "{tags}"
            );
        }
    }
    client.get(&draft).await.expect(200);
}

#[tokio::test]
async fn every_resource_has_a_tag_that_grows_with_its_changes() {
    let client = Stage::client().await;
    let made = client.post("/customers", &customer()).await.expect(201);
    let path = format!("/customers/{}", made["id"].as_str().unwrap());
    client
        .patch(&path, &json!({"name": "Bob"}))
        .header("If-Match", "\"1\"")
        .await
        .expect(200);
    client
        .patch("/organization", &json!({"legal_name": "New"}))
        .header("If-Match", "\"1\"")
        .await
        .expect(200);

    assert_eq!(client.get(&path).await.header("etag"), "\"2\"");
    assert_eq!(client.get("/organization").await.header("etag"), "\"2\"");
    let late = client
        .patch("/organization", &json!({"legal_name": "Newer"}))
        .header("If-Match", "\"1\"")
        .await;
    assert_eq!(late.verdict(), (412, "version_conflict".to_owned()));
    let late = client.delete(&path).header("If-Match", "\"1\"").await;
    assert_eq!(late.verdict(), (412, "version_conflict".to_owned()));
}
