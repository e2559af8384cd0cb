//! Invoices on which nothing is due, since a voucher takes off all of them.

use serde_json::{Value, json};
use tests::{Answer, Client, Database, Setup, Stage, Tenant, eventually, invoice, verify_ledger};

/// A draft that costs nothing.
async fn free_draft(client: &Client) -> String {
    let campaign = json!({"name": "Free", "kind": "discount", "percent_bps": 10_000});
    let campaign = client.create("/campaigns", &campaign).await;
    let voucher = json!({"campaign_id": campaign, "code": "FREE"});
    client.post("/vouchers", &voucher).await.expect(201);
    let id = client.create("/invoices", &invoice()).await;
    let path = format!("/invoices/{id}/vouchers");
    let applied = client.post(&path, &json!({"code": "FREE"})).await;
    assert_eq!(applied.expect(200)["total_minor"], 0);
    id
}

async fn read(client: &Client, id: &str) -> Value {
    client.get(&format!("/invoices/{id}")).await.expect(200)
}

/// The types of what the rows tell of.
fn types(list: &Value) -> Vec<&str> {
    let rows = list["data"].as_array().unwrap();
    rows.iter()
        .map(|row| row["type"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn an_invoice_that_costs_nothing_is_paid_as_soon_as_it_is_issued() {
    let client = Stage::client().await;
    let id = free_draft(&client).await;

    let issued = client.mark(&id, "sent").await;

    let invoice = issued.expect(200);
    assert_eq!(invoice["status"], "paid");
    let sums = ["total_minor", "amount_paid_minor", "amount_due_minor"];
    assert_eq!(sums.map(|sum| invoice[sum].as_i64()), [Some(0); 3]);
    assert!(invoice["number"].is_string());
    assert!(invoice["paid_at"].is_string());
    assert_eq!(invoice["paid_at"], invoice["issued_at"]);
    assert_eq!(issued.header("etag"), format!("\"{}\"", invoice["version"]));
    assert_eq!(read(&client, &id).await, invoice);
    let timeline = client.get(&format!("/invoices/{id}/events")).await;
    let timeline = timeline.expect(200);
    assert_eq!(types(&timeline)[..2], ["invoice.paid", "invoice.sent"]);
    let payments = client.get(&format!("/invoices/{id}/payments")).await;
    assert_eq!(payments.expect(200)["data"], json!([]));
    let summary = client.get("/invoices/summary").await.expect(200);
    let paid = &summary["data"][0]["by_status"]["paid"];
    assert_eq!(paid["count"], 1, "{summary}");
}

#[tokio::test]
async fn an_invoice_that_costs_nothing_stays_as_it_was_issued() {
    let client = Stage::client().await;
    let id = free_draft(&client).await;
    client.mark(&id, "sent").await.expect(200);
    let path = format!("/invoices/{id}");

    let refused = [
        client.mark(&id, "cancelled").await,
        client.mark(&id, "paid").await,
        client.mark(&id, "overdue").await,
        client.delete(&path).await,
        client.delete(&format!("{path}/vouchers/FREE")).await,
    ];

    let verdicts: Vec<_> = refused.iter().map(Answer::verdict).collect();
    let forbidden = "status_transition_forbidden";
    let expected = [
        forbidden,
        forbidden,
        forbidden,
        "invoice_not_deletable",
        "invoice_not_editable",
    ];
    assert_eq!(verdicts, expected.map(|code| (422, code.to_owned())));
}

#[tokio::test]
async fn an_invoice_that_costs_nothing_is_never_overdue() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database).with("SCHEDULER__OVERDUE_INTERVAL_S", 1);
    let service = setup.start().await;
    let client = Tenant::on(&database).await.at(&service);
    let free = free_draft(&client).await;
    client.mark(&free, "sent").await.expect(200);
    let other = client.create("/invoices", &invoice()).await;
    client.mark(&other, "sent").await.expect(200);

    let late = "WITH late AS (UPDATE invoices SET due_date = (created_at AT TIME ZONE 'UTC')::date - 1 RETURNING id)
                SELECT count(*) FROM late";
    assert_eq!(database.count(late, &[]).await, 2);
    eventually("the other one is overdue", async || {
        let listed = client.get("/invoices?status=overdue").await.expect(200);
        let rows = listed["data"].as_array().unwrap().clone();
        (!rows.is_empty()).then_some(())
    })
    .await;

    let listed = client.get("/invoices?overdue=true").await.expect(200);
    let ids: Vec<_> = listed["data"].as_array().unwrap().iter().collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(ids[0]["id"], other.as_str());
    let invoice = read(&client, &free).await;
    assert_eq!(
        (&invoice["status"], &invoice["is_overdue"]),
        (&json!("paid"), &json!(false))
    );
    verify_ledger(&database).await;
}
