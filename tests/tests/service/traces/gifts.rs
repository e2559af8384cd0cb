//! Gifts, which are redeemed together with whatever others redeem at the moment.

use serde_json::json;
use tests::{Client, Collector, Database, Tenant, eventually};

use super::{TRACE, line_of, telling, traceparent};

/// A gift of 10.00 USD with the code `GIFT`, and an account for its money.
async fn gift(client: &Client) -> String {
    let campaign = json!({"name": "Gift", "kind": "gift", "amount_minor": 1_000, "currency": "USD",
        "max_redemptions_per_code": 9});
    let campaign = client.create("/campaigns", &campaign).await;
    let voucher = json!({"campaign_id": campaign, "code": "GIFT"});
    client.post("/vouchers", &voucher).await.expect(201);
    let account = json!({"owner": "ada", "currency": "USD"});
    client.create("/accounts", &account).await
}

#[tokio::test]
async fn a_gift_is_one_trace_from_the_request_to_its_events() {
    let (collector, database) = (Collector::start(), Database::fresh().await);
    let service = telling(&collector, &database).start().await;
    let client = Tenant::on(&database).await.at(&service);
    let body = json!({"account_id": gift(&client).await});

    let redeem = client.post("/vouchers/GIFT/redeem", &body);
    let redeem = redeem.idempotency_key("one");
    redeem
        .header("traceparent", &traceparent())
        .await
        .expect(201);
    let unrecorded = client.post("/vouchers/GIFT/redeem", &body);
    unrecorded.idempotency_key("two").await.expect(201);

    let name = "POST /api/v1/vouchers/{code}/redeem";
    let spans = collector.trace(TRACE, &[name]).await;
    let written = spans
        .iter()
        .find(|span| span.name.contains("INSERT voucher_redemptions"));
    let line = line_of(&spans, written.expect("the statement is a span"));
    let expected = [
        name,
        "redeem a gift",
        "redeem gifts together",
        "redeem_gifts",
    ];
    assert_eq!(line[..4], expected);
    for kind in ["voucher.redeemed", "transfer.posted"] {
        let carried = eventually(format_args!("the events {kind}"), async || {
            let events = client.get(&format!("/events?type={kind}")).await;
            let events = events.expect(200)["data"].as_array().unwrap().clone();
            let traces: Vec<_> = events
                .iter()
                .map(|it| it["traceparent"].as_str().map(str::to_owned))
                .collect();
            (traces.len() == 2).then_some(traces)
        })
        .await;
        let ours = |it: &&Option<String>| it.as_ref().is_some_and(|it| it.contains(TRACE));
        assert_eq!(
            carried.iter().filter(ours).count(),
            1,
            "{kind}: {carried:?}"
        );
        assert!(carried.contains(&None), "{kind}: {carried:?}");
    }
}
