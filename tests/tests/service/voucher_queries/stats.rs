//! How campaigns do, and lists of vouchers.

use serde_json::{Value, json};
use tests::{Tenant, eventually};

use super::{campaign, codes, issue, redeem, shop, shown};

#[tokio::test]
async fn a_campaign_tells_what_was_issued_redeemed_and_given_and_what_is_left() {
    let (_service, client) = shop().await;
    let limits = json!({"budget_minor": 10_000, "max_redemptions": 8});
    let id = campaign(&client, &limits).await;
    let stats = format!("/campaigns/{id}/stats");

    let at_once = client.get(&stats).await.expect(200);
    for code in ["FIVE-A", "FIVE-B"] {
        issue(&client, &id, code).await;
    }
    redeem(&client, "FIVE-A").await;
    redeem(&client, "FIVE-B").await;
    let dropped = redeem(&client, "FIVE-B").await;
    let off = client.delete(&format!("/invoices/{dropped}/vouchers/FIVE-B"));
    off.await.expect(200);
    let later = shown(&client, &stats, |it| {
        it["released"] == 1 && it["issued"] == 2
    })
    .await;

    assert_eq!(
        at_once,
        json!({
            "campaign_id": id, "issued": 0, "redeemed": 0, "released": 0, "values": [], "currency": "USD",
            "budget_minor": 10_000, "budget_left_minor": 10_000, "max_redemptions": 8, "redemptions_left": 8,
        })
    );
    assert_eq!(
        later,
        json!({
            "campaign_id": id, "issued": 2, "redeemed": 2, "released": 1, "currency": "USD",
            "values": [{"currency": "USD", "redeemed": 2, "released": 1, "value_minor": 1_000}],
            "budget_minor": 10_000, "budget_left_minor": 9_000, "max_redemptions": 8, "redemptions_left": 6,
        })
    );
}

#[tokio::test]
async fn a_percentage_tells_what_it_gave_by_currency() {
    let (_service, client) = shop().await;
    let body = json!({"name": "Tenth", "kind": "discount", "percent_bps": 1_000});
    let id = client.create("/campaigns", &body).await;
    issue(&client, &id, "TENTH").await;
    redeem(&client, "TENTH").await;
    let mut yen = tests::invoice();
    yen["currency"] = json!("JPY");
    yen["items"] = json!([tests::line(1, 700, 0)]);
    let invoice = client.create("/invoices", &yen).await;
    let path = format!("/invoices/{invoice}/vouchers");
    let applied = client.post(&path, &json!({"code": "TENTH"})).await;
    applied.expect(200);

    let path = format!("/campaigns/{id}/stats");
    let stats = shown(&client, &path, |it| it["redeemed"] == 2).await;

    assert_eq!(
        stats["values"],
        json!([
            {"currency": "JPY", "redeemed": 1, "released": 0, "value_minor": 70},
            {"currency": "USD", "redeemed": 1, "released": 0, "value_minor": 800},
        ])
    );
    assert_eq!(stats["budget_left_minor"], Value::Null);
}

#[tokio::test]
async fn vouchers_are_listed_newest_first_in_pieces_and_by_what_they_are() {
    let (_service, client) = shop().await;
    let (one, other) = (
        campaign(&client, &json!({})).await,
        campaign(&client, &json!({})).await,
    );
    for code in ["AAAA", "BBBB", "CCCC"] {
        issue(&client, &one, code).await;
    }
    issue(&client, &other, "DDDD").await;
    let disabled = json!({"status": "disabled"});
    client.patch("/vouchers/BBBB", &disabled).await.expect(200);
    let path = "/vouchers?status=disabled";
    shown(&client, path, |list| codes(list) == ["BBBB"]).await;
    let all = shown(&client, "/vouchers", |list| codes(list).len() == 4).await;

    let piece = client.get("/vouchers?limit=3").await.expect(200);
    let cursor = piece["next_cursor"].as_str().unwrap();
    let rest = client.get(&format!("/vouchers?limit=3&cursor={cursor}"));
    let rest = rest.await.expect(200);
    let of_one = client.get(&format!("/campaigns/{one}/vouchers?page=1&page_size=2"));
    let of_one = of_one.await.expect(200);
    let enabled = client.get(&format!("/campaigns/{one}/vouchers?status=enabled"));
    let enabled = enabled.await.expect(200);

    assert_eq!(codes(&all), ["DDDD", "CCCC", "BBBB", "AAAA"]);
    assert_eq!(codes(&piece), ["DDDD", "CCCC", "BBBB"]);
    assert_eq!(codes(&rest), ["AAAA"]);
    assert_eq!(codes(&of_one), ["CCCC", "BBBB"]);
    assert_eq!((&of_one["total"], &of_one["page"]), (&json!(3), &json!(1)));
    assert_eq!(codes(&enabled), ["CCCC", "AAAA"]);
}

#[tokio::test]
async fn what_there_is_not_and_what_is_anothers_is_not_found() {
    let (service, client) = shop().await;
    let stranger = Tenant::on(service.database()).await.at(&service);
    let id = campaign(&client, &json!({})).await;
    issue(&client, &id, "MINE").await;
    shown(&client, "/vouchers", |list| codes(list) == ["MINE"]).await;
    let unknown = super::NOBODY;

    for path in [
        format!("/campaigns/{id}/stats"),
        format!("/campaigns/{id}/vouchers"),
        format!("/campaigns/{unknown}/stats"),
        format!("/campaigns/{unknown}/vouchers"),
    ] {
        let asked = stranger.get(&path).await;
        assert_eq!(asked.verdict(), (404, "not_found".to_owned()), "{path}");
    }
    let listed = stranger.get(&format!("/vouchers?campaign_id={id}")).await;
    assert_eq!(codes(&listed.expect(200)), [""; 0]);
}

#[tokio::test]
async fn every_mistake_in_what_is_asked_is_told() {
    let (_service, client) = shop().await;
    let id = campaign(&client, &json!({})).await;
    let cases = [
        ("/campaigns/7/stats".to_owned(), ["id"].as_slice()),
        (format!("/campaigns/{id}/stats?since=1"), &["since"]),
        (
            "/campaigns/7/vouchers?status=lost&limit=0".to_owned(),
            &["id", "limit", "status"],
        ),
        (
            format!("/campaigns/{id}/vouchers?campaign_id={id}"),
            &["campaign_id"],
        ),
    ];

    for (path, places) in cases {
        let asked = client.get(&path).await;
        assert_eq!(asked.status, 400, "{path}");
        let told: Vec<_> = asked.faults().into_iter().map(|(place, _)| place).collect();
        assert_eq!(told, places, "{path}");
    }
}

#[tokio::test]
async fn a_second_worker_shares_the_work() {
    let (service, client) = shop().await;
    let second = service.setup().in_role("worker").start().await;
    let id = campaign(&client, &json!({})).await;
    for number in 0..40 {
        issue(&client, &id, &format!("MANY-{number}")).await;
    }

    let path = format!("/campaigns/{id}/stats");
    let stats = shown(&client, &path, |it| it["issued"] == 40).await;
    second.kill();
    issue(&client, &id, "ONE-MORE").await;
    let more = eventually("the other worker takes over", async || {
        let shown = client.get(&path).await.expect(200);
        (shown["issued"] == 41).then_some(shown)
    })
    .await;

    assert_eq!(
        (&stats["issued"], &more["redeemed"]),
        (&json!(40), &json!(0))
    );
}
