//! Every message comes three times, and in no order: what comes of them is what comes of one delivery.

use serde_json::{Value, json};
use tests::{Client, Generator, Manner, Receiver, Redis, eventually, invoice, line};

use crate::{audit::assert_books, payments::Scene};

const INVOICES: i64 = 20;
const DRAFTS_WITH_VOUCHERS: i64 = 10;

/// The id of an entry of a stream, and its fields.
type Entry = (String, Vec<(String, String)>);

#[tokio::test]
async fn messages_that_come_three_times_and_in_no_order_have_the_effect_of_one() {
    let redis = Redis::start().await;
    let scene = Scene::with(|setup| {
        let setup = setup.reaching_home().with("BROKER", "redis");
        setup.with("REDIS__BROKER_URL", redis.url())
    })
    .await;
    let receiver = Receiver::start(Manner::Answers("204 No Content")).await;
    let webhook = json!({"url": receiver.url(), "event_types": ["*"]});
    scene.client.create("/webhooks", &webhook).await;
    edit_invoices(&scene.client).await;
    let campaign = discount(&scene.client).await;
    for number in 0..10 {
        scene.pay(number, "success").await;
    }

    everything_is_published(&scene, &redis).await;
    thrice_in_no_order(&redis);
    let consumers = scene.setup.clone().in_role("validator");
    let consumers = consumers.and_role("webhooks").and_role("worker");
    let _consumers = consumers.start().await;

    scene.assert_all_is_well().await;
    let tried_once = "status = 'completed' AND attempts = 1 AND version = 3";
    assert_eq!(scene.count(tried_once).await, 10);
    all_are_reviewed_once(&scene).await;
    each_event_is_delivered_once(&scene, &receiver).await;
    the_campaign_is_counted_once(&scene.client, &campaign).await;
    assert_books(&scene.client, &scene.database).await;
}

/// No two of them look alike.
async fn edit_invoices(client: &Client) {
    for number in 0..INVOICES {
        let mut body = invoice();
        body["items"] = json!([line(1, 1_000 + number, 0)]);
        let path = format!("/invoices/{}", client.create("/invoices", &body).await);
        for notes in ["one", "two"] {
            let change = json!({"notes": notes});
            client.patch(&path, &change).await.expect(200);
        }
    }
}

/// Five vouchers, each for two drafts, of which one gives it back.
async fn discount(client: &Client) -> String {
    let campaign = json!({"name": "Summer", "kind": "discount", "percent_bps": 1_000});
    let campaign = client.create("/campaigns", &campaign).await;
    for number in 0..DRAFTS_WITH_VOUCHERS {
        let code = format!("SUMMER-{}", number / 2);
        if number % 2 == 0 {
            let voucher = json!({"campaign_id": campaign, "code": code});
            client.post("/vouchers", &voucher).await.expect(201);
        }
        let mut body = invoice();
        body["items"] = json!([line(1, 10_000 + number, 0)]);
        let draft = format!("/invoices/{}", client.create("/invoices", &body).await);
        let applied = client.post(&format!("{draft}/vouchers"), &json!({"code": code}));
        applied.await.expect(200);
        if number % 2 == 0 {
            let off = client.delete(&format!("{draft}/vouchers/{code}"));
            off.await.expect(200);
        }
    }
    campaign
}

fn streams(redis: &Redis) -> Vec<String> {
    redis.ask(&["KEYS", "tallystick:events:*:*"])
}

async fn everything_is_published(scene: &Scene, redis: &Redis) {
    eventually("everything is published", async || {
        let lengths = streams(redis).into_iter();
        let published: i64 = lengths.map(|it| redis.ask::<i64>(&["XLEN", &it])).sum();
        let all = "SELECT count(*) FROM outbox";
        (published == scene.database.count(all, &[]).await).then_some(())
    })
    .await;
}

/// Puts three of each entry, shuffled, in the place of all entries.
fn thrice_in_no_order(redis: &Redis) {
    let mut dice = Generator::default();
    for stream in streams(redis) {
        let entries: Vec<Entry> = redis.ask(&["XRANGE", &stream, "-", "+"]);
        let (last, _) = entries.last().expect("a stream with entries");
        let (place, _) = last.split_once('-').expect("an id of two parts");
        let place = format!("{place}-*");
        let mut all: Vec<&Entry> = entries.iter().chain(&entries).chain(&entries).collect();
        while !all.is_empty() {
            let next = dice.below(u64::try_from(all.len()).expect("small"));
            let (_, fields) = all.swap_remove(usize::try_from(next).expect("small"));
            let fields = fields.iter().flat_map(|(name, value)| [name, value]);
            let mut add = vec!["XADD", &stream, &place];
            add.extend(fields.map(String::as_str));
            redis.ask::<String>(&add);
        }
        let mut remove = vec!["XDEL", &stream];
        remove.extend(entries.iter().map(|(id, _)| id.as_str()));
        let removed: usize = redis.ask(&remove);
        assert_eq!(removed, entries.len());
    }
}

async fn all_are_reviewed_once(scene: &Scene) {
    let waiting = "SELECT count(*) FROM invoices WHERE review IS NULL";
    eventually("all are reviewed", async || {
        (scene.database.count(waiting, &[]).await == 0).then_some(())
    })
    .await;
    let judged = "
        SELECT count(*) FROM (
            SELECT aggregate_id FROM outbox WHERE type IN ('invoice.approved', 'invoice.rejected')
             GROUP BY aggregate_id HAVING count(*) > 1) AS judged_twice";
    assert_eq!(scene.database.count(judged, &[]).await, 0);
}

async fn each_event_is_delivered_once(scene: &Scene, receiver: &Receiver) {
    let undelivered = "
        SELECT count(*) FROM outbox AS o
         WHERE NOT EXISTS (SELECT FROM webhook_deliveries AS d WHERE d.event_id = o.event_id AND d.state = 'delivered')";
    eventually("everything is delivered", async || {
        (scene.database.count(undelivered, &[]).await == 0).then_some(())
    })
    .await;
    let twice = "
        SELECT count(*) FROM (
            SELECT event_id FROM webhook_deliveries GROUP BY event_id HAVING count(*) > 1) AS twice";
    assert_eq!(scene.database.count(twice, &[]).await, 0);
    let all = scene
        .database
        .count("SELECT count(*) FROM webhook_deliveries", &[]);
    let got = i64::try_from(receiver.received().len()).expect("small");
    assert_eq!(got, all.await);
}

async fn the_campaign_is_counted_once(client: &Client, campaign: &str) {
    let path = format!("/campaigns/{campaign}/stats");
    let is_so = |stats: &Value| {
        ["issued", "redeemed", "released"].map(|name| stats[name].as_i64()) == [Some(5); 3]
    };
    eventually("the campaign is counted", async || {
        let stats = client.get(&path).await.expect(200);
        is_so(&stats).then_some(())
    })
    .await;
    let stats = client.get(&path).await.expect(200);
    assert!(is_so(&stats), "{stats}");
}
