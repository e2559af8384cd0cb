//! A client's own notes on its vouchers.

use serde_json::json;
use tests::eventually;

use super::{campaign, shop, shown};

#[tokio::test]
async fn notes_stay_with_a_voucher_until_they_are_replaced() {
    let (_service, client) = shop().await;
    let campaign = campaign(&client, &json!({})).await;
    let notes = json!({"printed_on": "flyer", "caf\u{e9}": "Z\u{fc}rich"});
    let body = json!({"campaign_id": campaign, "code": "NOTED", "metadata": notes});

    let issued = client.post("/vouchers", &body).await.expect(201);
    let disabled = json!({"status": "disabled"});
    let disabled = client.patch("/vouchers/noted", &disabled).await.expect(200);
    let replaced = json!({"metadata": {"withdrawn": "yes"}});
    let replaced = client.patch("/vouchers/noted", &replaced).await.expect(200);

    assert_eq!(issued["metadata"], notes);
    assert_eq!(disabled["metadata"], notes);
    assert_eq!(replaced["metadata"], json!({"withdrawn": "yes"}));
    let read = client.get("/vouchers/NOTED").await.expect(200);
    assert_eq!(read, replaced);
    let listed = shown(&client, "/vouchers", |it| it["data"][0]["version"] == 3).await;
    assert_eq!(listed["data"][0], replaced);
}

#[tokio::test]
async fn vouchers_that_are_ordered_together_have_the_notes_of_their_order() {
    let (_service, client) = shop().await;
    let campaign = campaign(&client, &json!({})).await;
    let (path, notes) = (
        format!("/campaigns/{campaign}/vouchers"),
        json!({"batch": "spring"}),
    );

    let body = json!({"count": 3, "metadata": notes});
    let job = client.post(&path, &body).await.expect(202);

    assert_eq!(job["metadata"], notes);
    let of_all = eventually("all are listed", async || {
        let listed = client.get(&path).await.expect(200);
        let rows = listed["data"].as_array().unwrap().clone();
        (rows.len() == 3).then_some(rows)
    })
    .await;
    assert!(of_all.iter().all(|it| it["metadata"] == notes));
}
