//! Campaigns, their vouchers, and what they give.

use std::collections::HashSet;

use cucumber::{given, then, when};
use serde_json::{Value, json};
use tests::{Database, Service, Setup, eventually, invoice, line};
use tokio::sync::OnceCell;

use crate::{
    moments,
    shop::{Request, Shop},
};

static WORKER: OnceCell<Service> = OnceCell::const_new();

/// Whoever issues what was ordered, for all scenarios.
async fn worker() -> &'static Service {
    let start = async || {
        let database: &Database = moments::database().await;
        Setup::on(database).in_role("worker").start().await
    };
    WORKER.get_or_init(start).await
}

async fn launch(shop: &mut Shop, terms: Value, code: &str) {
    let launched = shop.arrange(Request::post("/campaigns", terms)).await;
    let id = launched["id"].as_str().expect("a campaign has an id");
    id.clone_into(&mut shop.campaign);
    let voucher = json!({"campaign_id": id, "code": code});
    shop.arrange(Request::post("/vouchers", voucher)).await;
}

#[given(
    regex = r#"^a campaign that takes (\d+) % off(?: from (\d+) on)?, with the voucher "([^"]+)"$"#
)]
async fn percent_off(shop: &mut Shop, percent: i64, least: String, code: String) {
    let mut terms = json!({"name": "Summer", "kind": "discount", "percent_bps": percent * 100});
    if let Ok(least) = least.parse::<i64>() {
        terms["min_total_minor"] = json!(least);
        terms["currency"] = json!("USD");
    }
    launch(shop, terms, &code).await;
}

#[given(
    regex = r#"^a campaign that takes (\d+) off( once per code)?, with the voucher "([^"]+)"$"#
)]
async fn amount_off(shop: &mut Shop, minor: i64, once: String, code: String) {
    let most = (!once.is_empty()).then_some(1);
    let terms = json!({
        "name": "Summer",
        "kind": "discount",
        "amount_minor": minor,
        "currency": "USD",
        "max_redemptions_per_code": most,
    });
    launch(shop, terms, &code).await;
}

#[given(expr = "a campaign of gifts over {int}, with the voucher {string}")]
async fn gifts(shop: &mut Shop, minor: i64, code: String) {
    let terms = json!({"name": "Gifts", "kind": "gift", "amount_minor": minor, "currency": "USD"});
    launch(shop, terms, &code).await;
}

#[given("the campaign is paused")]
async fn pause(shop: &mut Shop) {
    let path = format!("/campaigns/{}", shop.campaign);
    shop.arrange(Request::patch(path, json!({"status": "paused"})))
        .await;
}

#[given(expr = "{string} is blocked")]
async fn block(shop: &mut Shop, email: String) {
    let request = Request::post("/voucher-blocklist", json!({"email": email}));
    assert_eq!(request.send_by(&shop.client).await.status, 201);
}

#[given(expr = "a draft over {int}")]
async fn draft(shop: &mut Shop, minor: i64) {
    let mut body = invoice();
    body["items"] = json!([line(1, minor, 0)]);
    shop.arrange(Request::post("/invoices", body)).await;
}

#[given("the draft was cancelled")]
async fn cancel(shop: &mut Shop) {
    let path = format!("/invoices/{}/status", shop.invoice());
    shop.arrange(Request::patch(path, json!({"status": "cancelled"})))
        .await;
}

fn application(shop: &Shop, code: &str) -> Request {
    let path = format!("/invoices/{}/vouchers", shop.invoice());
    Request::post(path, json!({"code": code}))
}

#[given(expr = "the voucher {string} was applied to it")]
async fn arrange_application(shop: &mut Shop, code: String) {
    shop.arrange(application(shop, &code)).await;
}

#[when(expr = "the voucher {string} is applied to it")]
async fn apply(shop: &mut Shop, code: String) {
    shop.send(application(shop, &code)).await;
}

#[when(expr = "the voucher {string} is taken off it")]
async fn take_off(shop: &mut Shop, code: String) {
    let path = format!("/invoices/{}/vouchers/{code}", shop.invoice());
    shop.send(Request::delete(path)).await;
}

#[then(expr = "{int} comes off the draft")]
async fn comes_off(shop: &mut Shop, minor: i64) {
    assert_eq!(shop.answer().status, 200, "{}", shop.answer().text());
    assert_eq!(shop.read_invoice().await["discount_minor"], minor);
}

fn trial(code: &str, minor: i64, email: Option<&str>) -> Request {
    let body = json!({"currency": "USD", "total_minor": minor, "email": email});
    Request::post(format!("/vouchers/{code}/validate"), body)
}

#[when(expr = "the voucher {string} is tried on {int}")]
async fn try_on(shop: &mut Shop, code: String, minor: i64) {
    shop.send(trial(&code, minor, None)).await;
}

#[when(expr = "{string} tries the voucher {string} on {int}")]
async fn somebody_tries(shop: &mut Shop, email: String, code: String, minor: i64) {
    shop.send(trial(&code, minor, Some(&email))).await;
}

#[when(expr = "the voucher {string} is scanned at the till for {int}")]
async fn scan(shop: &mut Shop, text: String, minor: i64) {
    let body = json!({"text": text, "currency": "USD", "total_minor": minor});
    shop.send(Request::post("/vouchers/scan", body)).await;
}

#[then(expr = "it would give {int}")]
fn would_give(shop: &mut Shop, minor: i64) {
    assert_eq!(shop.answer().expect(200)["amount_minor"], minor);
}

#[then(expr = "the reasons are {string}")]
fn reasons(shop: &mut Shop, expected: String) {
    let told = shop.answer().faults().into_iter().map(|(_, code)| code);
    assert_eq!(told.collect::<Vec<_>>().join(", "), expected);
}

#[when(expr = "the voucher {string} is disabled")]
async fn disable(shop: &mut Shop, code: String) {
    let path = format!("/vouchers/{code}");
    shop.send(Request::patch(path, json!({"status": "disabled"})))
        .await;
}

#[when(expr = "the gift {string} is redeemed to {string}")]
async fn redeem(shop: &mut Shop, code: String, account: String) {
    let body = json!({"account_id": shop.account(&account)});
    let key = shop.fresh_key();
    let request = Request::post(format!("/vouchers/{code}/redeem"), body).under(&key);
    shop.send(request).await;
}

#[when(expr = "{int} vouchers are ordered")]
async fn order(shop: &mut Shop, count: u32) {
    worker().await;
    let path = format!("/campaigns/{}/vouchers", shop.campaign);
    shop.send(Request::post(path, json!({"count": count})))
        .await;
}

#[then(expr = "the job issues all {int} of them")]
async fn is_done(shop: &mut Shop, count: u32) {
    let job = shop.answer().expect(202);
    let path = format!("/jobs/{}", job["id"].as_str().expect("a job has an id"));
    let done = eventually("the job is done", async || {
        let job = shop.client.get(&path).await.expect(200);
        (job["status"] == "done").then_some(job)
    })
    .await;
    assert_eq!(
        (&done["done"], &done["total"]),
        (&json!(count), &json!(count))
    );
}

#[then(expr = "the export of the campaign has {int} codes, no two alike")]
async fn is_exported(shop: &mut Shop, count: usize) {
    let path = format!("/campaigns/{}/vouchers.csv", shop.campaign);
    let exported = shop.client.get(&path).await;
    let text = exported.text();
    let codes = text.lines().skip(1).filter_map(|line| line.split_once(','));
    assert_eq!(
        codes.map(|(code, _)| code).collect::<HashSet<_>>().len(),
        count
    );
}

#[then(expr = "there is a picture of {string}")]
async fn is_drawn(shop: &mut Shop, code: String) {
    let drawn = shop.client.get(&format!("/vouchers/{code}/qr.svg")).await;
    assert_eq!(drawn.header("content-type"), "image/svg+xml");
    assert!(drawn.text().contains("<svg"));
}

#[when(expr = "{int} codes are guessed")]
async fn guess(shop: &mut Shop, count: u32) {
    for number in 0..count {
        let request = Request::get(format!("/vouchers/GUESS-{number}"));
        shop.send(request).await;
    }
}
