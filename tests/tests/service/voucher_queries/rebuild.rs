//! `tallystick projections rebuild vouchers`, beside a service that is used.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join;
use serde_json::json;
use tests::tallystick;

use super::{campaign, codes, issue, redeem, shop, shown};

const REBUILD: &[&str] = &["projections", "rebuild", "vouchers"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn projections_are_rebuilt_while_vouchers_are_redeemed() {
    let (service, client) = shop().await;
    let id = campaign(&client, &json!({})).await;
    for number in 0..5 {
        issue(&client, &id, &format!("CODE-{number}")).await;
    }
    let is_done = AtomicBool::new(false);

    let shopping = async {
        for number in 0..40 {
            redeem(&client, &format!("CODE-{}", number % 5)).await;
        }
        is_done.store(true, Ordering::Release);
    };
    let rebuilding = async {
        let mut rebuilt = Vec::new();
        while !is_done.load(Ordering::Acquire) {
            rebuilt.push(tallystick(service.database(), REBUILD).await);
        }
        rebuilt
    };
    let ((), rebuilt) = join(shopping, rebuilding).await;

    let path = format!("/campaigns/{id}/stats");
    let stats = shown(&client, &path, |it| it["redeemed"] == 40).await;
    let last = tallystick(service.database(), REBUILD).await;
    let again = client.get(&path).await.expect(200);
    let listed = client.get("/vouchers").await.expect(200);
    assert!(!rebuilt.is_empty());
    assert_eq!(
        last,
        json!({"projections": "vouchers", "aggregates": 1 + 5 + 40})
    );
    assert_eq!(stats["values"][0]["value_minor"], 20_000);
    assert_eq!(again, stats);
    assert_eq!(codes(&listed).len(), 5);
}
