//! Vouchers in great number, and as pictures.

use std::{collections::HashSet, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Database, Service, Setup, Stage, Tenant, within};

/// What a machine that is busy with other tests needs for a hundred thousand.
const PATIENCE: Duration = Duration::from_mins(2);
const MEBIBYTE: f64 = 1_048_576.0;

async fn service() -> (Service, Client) {
    let database = Database::fresh().await;
    let setup = Setup::on(&database).in_role("api").and_role("worker");
    let service = setup.start().await;
    let client = Tenant::on(&database).await.at(&service);
    (service, client)
}

async fn campaign(client: &Client) -> String {
    let campaign = json!({"name": "Summer", "kind": "discount", "percent_bps": 1_000});
    client.create("/campaigns", &campaign).await
}

/// A campaign with so many generated codes, and the most memory that the service had meanwhile, in bytes.
async fn issued(service: &Service, client: &Client, count: u32) -> (String, f64) {
    let campaign = campaign(client).await;
    let path = format!("/campaigns/{campaign}/vouchers");
    let job = client.post(&path, &json!({"count": count})).await;
    let job = format!("/jobs/{}", job.expect(202)["id"].as_str().unwrap());
    let mut most: f64 = 0.0;
    within(PATIENCE, "all are issued", async || {
        most = most.max(resident(service).await);
        let job = client.get(&job).await.expect(200);
        (job["status"] == "done").then_some(())
    })
    .await;
    (campaign, most)
}

async fn resident(service: &Service) -> f64 {
    let bytes = service.metric("process_resident_memory_bytes").await;
    bytes.expect("the process tells its memory")
}

#[tokio::test]
async fn a_hundred_thousand_codes_need_little_memory_also_when_a_client_reads_them_slowly() {
    let (service, client) = service().await;
    issued(&service, &client, 2_000).await;
    let idle = resident(&service).await;

    let (campaign, at_work) = issued(&service, &client, 100_000).await;
    let path = format!("/campaigns/{campaign}/vouchers.csv");
    let mut slow = client.get(&path).open().await.unwrap();
    let first = slow.chunk().await.unwrap().unwrap();
    let whole = client.get(&path).give_up_after(PATIENCE).await;
    let exporting = resident(&service).await;
    let mut slowly = first.to_vec();
    while let Some(chunk) = slow.chunk().await.unwrap() {
        slowly.extend(&chunk);
    }

    let needed = at_work.max(exporting) - idle;
    assert!(needed < 50.0 * MEBIBYTE, "{needed} bytes more than idle");
    let text = whole.text();
    let codes: HashSet<_> = text.lines().skip(1).map(code_of).collect();
    assert_eq!(codes.len(), 100_000);
    assert_eq!(text.lines().count(), 100_001);
    assert!(slowly == whole.body, "the slow client is given the same");
}

fn code_of(line: &str) -> &str {
    line.split_once(',').unwrap().0
}

#[tokio::test]
async fn a_client_that_does_not_read_holds_no_connection_to_the_database() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database).in_role("api").and_role("worker");
    let setup = setup.with("DATABASE__POOL_MIN_IDLE", 1);
    let service = setup.with("DATABASE__POOL_MAX", 4).start().await;
    let client = Tenant::on(&database).await.at(&service);
    let (campaign, _) = issued(&service, &client, 50_000).await;
    let path = format!("/campaigns/{campaign}/vouchers.csv");

    let mut lazy = Vec::new();
    for _ in 0..12 {
        let client = client.without_keep_alive();
        let mut response = client.get(&path).open().await.unwrap();
        response.chunk().await.unwrap().unwrap();
        lazy.push(response);
    }

    client.get("/campaigns").await.expect(200);
    campaign_with_code(&client, "STILL-HERE").await;
    let idle = "SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    assert_eq!(database.count(idle, &[]).await, 0);
    drop(lazy);
}

async fn campaign_with_code(client: &Client, code: &str) -> String {
    let campaign = campaign(client).await;
    let voucher = json!({"campaign_id": campaign, "code": code});
    client.post("/vouchers", &voucher).await.expect(201);
    campaign
}

#[tokio::test]
async fn an_export_is_a_file_without_formulas() {
    let client = Stage::client().await;
    let campaign = campaign_with_code(&client, "-2-3-CMD").await;
    let path = format!("/campaigns/{campaign}/vouchers.csv");

    let exported = client.get(&path).header("Accept", "text/csv").await;

    assert_eq!(exported.status, 200);
    assert_eq!(exported.header("content-type"), "text/csv; charset=utf-8");
    let file = format!("attachment; filename=\"vouchers-{campaign}.csv\"");
    assert_eq!(exported.header("content-disposition"), file);
    let text = exported.text();
    let mut lines = text.split("\r\n");
    let head = "code,status,max_redemptions,id,campaign_id,created_at";
    assert_eq!(lines.next(), Some(head));
    assert!(lines.next().unwrap().starts_with("'-2-3-CMD,enabled,,"));
}

#[tokio::test]
async fn what_is_read_in_the_picture_of_a_code_is_taken_by_scan() {
    let client = Stage::client().await;
    campaign_with_code(&client, "SUMMER-26").await;
    let trial = |text: &str| json!({"text": text, "currency": "EUR", "total_minor": 12_000});

    let path = "/vouchers/summer-26/qr.svg";
    let drawn = client.get(path).header("Accept", "image/svg+xml").await;
    let scanned = client.post("/vouchers/scan", &trial("SUMMER-26")).await;

    assert_eq!(drawn.status, 200);
    assert_eq!(drawn.header("content-type"), "image/svg+xml");
    assert_eq!(drawn.header("cache-control"), "no-store");
    assert!(drawn.text().contains("<svg"));
    let mut body = trial("");
    body.as_object_mut().unwrap().remove("text");
    let validated = client.post("/vouchers/SUMMER-26/validate", &body).await;
    assert_eq!(scanned.expect(200), validated.expect(200));
}

#[tokio::test]
async fn another_organization_sees_neither_jobs_nor_exports_nor_pictures() {
    let (client, stranger) = (Stage::client().await, Stage::client().await);
    let campaign = campaign_with_code(&client, "SUMMER-26").await;
    let path = format!("/campaigns/{campaign}/vouchers");
    let order = json!({"count": 1});
    let job = client.post(&path, &order).await.expect(202);

    let job = format!("/jobs/{}", job["id"].as_str().unwrap());
    let picture = "/vouchers/SUMMER-26/qr.svg".to_owned();
    for path in [job, format!("{path}.csv"), picture] {
        assert_eq!(client.get(&path).await.status, 200, "{path}");
        let refused = stranger.get(&path).await;
        assert_eq!(refused.verdict(), (404, "not_found".to_owned()), "{path}");
        assert_eq!(refused.header("cache-control"), "no-store");
    }
    let refused = stranger.post(&path, &order).await;
    assert_eq!(refused.verdict(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn an_order_that_is_repeated_under_its_key_is_one_order() {
    let client = Stage::client().await;
    let path = format!("/campaigns/{}/vouchers", campaign(&client).await);
    let order = || {
        let order = client.post(&path, &json!({"count": 3}));
        order.idempotency_key("k")
    };

    let (first, second) = (order().await, order().await);

    assert_eq!((second.status, &second.body), (202, &first.body));
    assert_eq!(second.header("location"), first.header("location"));
    assert_eq!(second.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn orders_that_are_none_are_refused_field_by_field() {
    let client = Stage::client().await;
    let path = format!("/campaigns/{}/vouchers", campaign(&client).await);
    let cases: [(Value, &str, &str); 8] = [
        (json!({}), "/count", "required"),
        (json!({"count": 0}), "/count", "out_of_range"),
        (json!({"count": 100_001}), "/count", "out_of_range"),
        (json!({"count": -1}), "/count", "out_of_range"),
        (json!({"count": 1.5}), "/count", "wrong_type"),
        (json!({"count": "7"}), "/count", "wrong_type"),
        (
            json!({"count": 1, "max_redemptions": 0}),
            "/max_redemptions",
            "out_of_range",
        ),
        (
            json!({"count": 1, "code": "MINE"}),
            "/code",
            "unknown_field",
        ),
    ];

    for (body, pointer, code) in cases {
        let refused = client.post(&path, &body).await;
        assert_eq!(refused.status, 400, "{body}");
        let fault = (pointer.to_owned(), code.to_owned());
        assert_eq!(refused.faults(), [fault], "{body}");
    }
    let nowhere = "/api/v1/campaigns/nowhere/vouchers";
    let refused = client
        .call(Method::POST, nowhere)
        .json(&json!({"count": 1}))
        .await;
    assert_eq!(refused.verdict(), (400, "invalid_parameter".to_owned()));
}
