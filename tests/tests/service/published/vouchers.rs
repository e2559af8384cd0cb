//! Everything that happens to vouchers.

use serde_json::{Value, json};
use tests::{Client, invoice, line};

const CAMPAIGN: &str = "Summer";
const VOUCHER: &str = "/vouchers/SUMMER-26";

/// A voucher of a campaign is issued, changed, applied to a draft, told anew, and taken off again; somebody is blocked for a while.
pub(super) async fn discount(client: &Client) {
    let campaign = json!({"name": CAMPAIGN, "kind": "discount", "percent_bps": 1_000});
    let campaign = client.create("/campaigns", &campaign).await;
    let path = format!("/campaigns/{campaign}");
    change(client, &path, &json!({"name": "Late summer"})).await;
    let voucher = json!({"campaign_id": campaign, "code": "summer-26"});
    client.post("/vouchers", &voucher).await.expect(201);
    for status in ["disabled", "enabled"] {
        change(client, VOUCHER, &json!({"status": status})).await;
    }

    let mut body = invoice();
    body["items"] = json!([line(1, 7_777, 1_600)]);
    let id = client.create("/invoices", &body).await;
    let path = format!("/invoices/{id}");
    let code = json!({"code": "SUMMER-26"});
    let applied = client.post(&format!("{path}/vouchers"), &code).await;
    applied.expect(200);
    change(client, &path, &json!({"items": [line(1, 8_888, 1_600)]})).await;
    let taken_off = client.delete(&format!("{path}{VOUCHER}")).await;
    taken_off.expect(200);

    let ada = json!({"email": "ada@example.com"});
    let list = "/voucher-blocklist";
    client.post(list, &ada).await.expect(201);
    let lifted = client.delete("/voucher-blocklist?email=ada@example.com");
    lifted.await.expect(204);
}

async fn change(client: &Client, path: &str, to: &Value) {
    client.patch(path, to).await.expect(200);
}
