//! Keys end everywhere.

use std::time::Duration;

use serde_json::json;
use tests::{EventStream, Setup, Stage, within};

/// 02-api, Authentication.
const EVERYWHERE_WITHIN: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_revoked_key_is_refused_by_every_instance() {
    let stage = Stage::shared().await;
    let second = Setup::on(stage.service.database()).start().await;
    let admin = stage.tenant().await.at(&stage.service);
    let made = admin
        .post(
            "/api-keys",
            &json!({"name": "k", "scopes": ["invoices:read"]}),
        )
        .await
        .expect(201);
    let key = made["secret"].as_str().unwrap();
    let clients = [&stage.service, &second].map(|service| service.stranger().with_key(key));
    for client in &clients {
        client.get("/invoices").await.expect(200);
    }

    let revoked = admin
        .delete(&format!("/api-keys/{}", made["id"].as_str().unwrap()))
        .await;

    assert_eq!(revoked.status, 204);
    for client in &clients {
        within(EVERYWHERE_WITHIN, "the key is refused", async || {
            (client.get("/invoices").await.status == 401).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn the_instance_that_revokes_a_key_refuses_it_at_once() {
    let client = Stage::client().await;
    let made = client
        .post(
            "/api-keys",
            &json!({"name": "k", "scopes": ["invoices:read"]}),
        )
        .await
        .expect(201);
    let revoked = client.with_key(made["secret"].as_str().unwrap());
    revoked.get("/invoices").await.expect(200);

    client
        .delete(&format!("/api-keys/{}", made["id"].as_str().unwrap()))
        .await;

    assert_eq!(
        revoked.get("/invoices").await.verdict(),
        (401, "unauthenticated".to_owned())
    );
}

#[tokio::test]
async fn a_stream_of_events_ends_when_its_key_is_revoked_elsewhere() {
    let stage = Stage::shared().await;
    let second = Setup::on(stage.service.database()).start().await;
    let admin = stage.tenant().await.at(&stage.service);
    let asked = json!({"name": "k", "scopes": ["events:read"]});
    let made = admin.post("/api-keys", &asked).await.expect(201);
    let reader = second.stranger().with_key(made["secret"].as_str().unwrap());
    let mut stream = EventStream::open(reader.get("/events/stream")).await;

    let path = format!("/api-keys/{}", made["id"].as_str().unwrap());
    let revoked = admin.delete(&path).await;
    // And a second for looking.
    let limit = EVERYWHERE_WITHIN + Duration::from_secs(1);
    let to_the_end = async { while stream.next().await.is_some() {} };
    let ended = tokio::time::timeout(limit, to_the_end).await;

    assert_eq!(revoked.status, 204);
    assert_eq!(ended, Ok(()));
}

#[tokio::test]
async fn a_key_that_is_no_key_yet_is_not_remembered_as_unknown() {
    let client = Stage::client().await;
    assert_eq!(
        client
            .with_key("tsk_0123456789abcdefghijklmnopqrstuv")
            .get("/invoices")
            .await
            .status,
        401
    );

    let made = client
        .post("/api-keys", &json!({"name": "k", "scopes": ["*"]}))
        .await
        .expect(201);

    client
        .with_key(made["secret"].as_str().unwrap())
        .get("/invoices")
        .await
        .expect(200);
}
