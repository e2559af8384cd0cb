//! Payments, and who carries them out.

use cucumber::{given, then, when};
use serde_json::{Value, json};
use tests::{Database, Service, Setup, Tenant, eventually, invoice, line};
use tokio::sync::OnceCell;

use crate::{
    money::{Money, Route, minor},
    shop::{Request, Shop},
};

/// A service whose workers are as patient as a test: two attempts, and a question every second.
static PAYING: OnceCell<Service> = OnceCell::const_new();

/// One without workers.
static WAITING: OnceCell<Service> = OnceCell::const_new();

#[given("an organization whose payments wait")]
async fn open_without_workers(shop: &mut Shop) {
    let start = async || {
        let setup = Setup::on(&Database::fresh().await);
        let setup = setup.in_role("api").and_role("relay").and_role("scheduler");
        setup
            .with("PROVIDERS__SIMULATOR__ENABLED", true)
            .start()
            .await
    };
    serve(shop, WAITING.get_or_init(start).await).await;
}

#[given("an organization whose payments are carried out")]
async fn open(shop: &mut Shop) {
    let start = async || {
        let setup = Setup::on(&Database::fresh().await)
            .and_role("worker")
            .with("PROVIDERS__SIMULATOR__ENABLED", true)
            .with("PAYMENTS__ATTEMPTS_MAX", 2)
            .with("PAYMENTS__RETRY_FIRST_MS", 50)
            .with("PAYMENTS__CHECKS_S", 1)
            .with("PAYMENTS__CALL_LIMIT_MS", 1_000)
            .with("PAYMENTS__BREAKER_CALLS_MIN", 1_000);
        setup.start().await
    };
    serve(shop, PAYING.get_or_init(start).await).await;
}

async fn serve(shop: &mut Shop, service: &Service) {
    shop.tenant = Tenant::on(service.database()).await;
    shop.client = shop.tenant.at(service);
    shop.reader = shop.client.clone();
}

fn internal(shop: &Shop, money: &Money, route: &Route) -> Request {
    let body = json!({
        "payment_type": "internal_transfer",
        "source_account_id": shop.account(&route.from),
        "destination_account_id": shop.account(&route.to),
        "amount_minor": money.minor,
        "currency": money.currency,
    });
    Request::post("/payments", body).under(&shop.fresh_key())
}

#[when(regex = r#"^([\d.]+ \w+) are paid from ("\w+" to "\w+")$"#)]
async fn pay(shop: &mut Shop, money: Money, route: Route) {
    let request = internal(shop, &money, &route);
    shop.send(request).await;
}

#[given(regex = r#"^([\d.]+ \w+) were paid from ("\w+" to "\w+")$"#)]
async fn arrange_paid(shop: &mut Shop, money: Money, route: Route) {
    let request = internal(shop, &money, &route);
    assert_eq!(shop.send(request).await.status, 201);
}

/// A payment through the simulator, in or out.
fn external(shop: &Shop, money: &Money, (how, name): (&str, &str)) -> Value {
    let (direction, side) = match how {
        "charged for" => ("charge", "destination_account_id"),
        _ => ("payout", "source_account_id"),
    };
    json!({
        "payment_type": "external_payment",
        "provider": "simulator",
        "direction": direction,
        side: shop.account(name),
        "amount_minor": money.minor,
        "currency": money.currency,
    })
}

async fn send(shop: &mut Shop, body: Value) {
    let request = Request::post("/payments", body).under(&shop.fresh_key());
    shop.send(request).await;
}

#[when(regex = r#"^([\d.]+ \w+) are (charged for|paid out from) "(\w+)"$"#)]
async fn pay_outside(shop: &mut Shop, money: Money, how: String, name: String) {
    let body = external(shop, &money, (&how, &name));
    send(shop, body).await;
}

#[when(
    regex = r#"^([\d.]+ \w+) are (charged for|paid out from) "(\w+)", and the provider will answer "([\w:]+)"$"#
)]
async fn pay_hard(shop: &mut Shop, money: Money, how: String, name: String, simulate: String) {
    let mut body = external(shop, &money, (&how, &name));
    body["metadata"] = json!({"simulate": simulate});
    send(shop, body).await;
}

#[given(expr = "an invoice over {int} that was sent")]
async fn arrange_sent(shop: &mut Shop, total_minor: i64) {
    let mut body = invoice();
    body["currency"] = "USD".into();
    body["items"] = json!([line(1, total_minor, 0)]);
    shop.arrange_invoice(body, "sent").await;
}

#[when(regex = r#"^([\d.]+ \w+) are (charged for) "(\w+)", for the invoice$"#)]
async fn pay_invoice(shop: &mut Shop, money: Money, how: String, name: String) {
    let mut body = external(shop, &money, (&how, &name));
    body["invoice_id"] = shop.invoice().into();
    send(shop, body).await;
}

/// The path of the payment that was asked for last.
fn path(shop: &Shop) -> String {
    let asked = shop.requests.iter().zip(&shop.answers).rev();
    let mut accepted =
        asked.filter(|(request, answer)| request.path == "/payments" && answer.status < 300);
    let (_, answer) = accepted.next().expect("a payment was accepted");
    let id = answer.json()["id"].as_str().expect("an id").to_owned();
    format!("/payments/{id}")
}

#[when(regex = r"^([\d.]+) of the payment are given back$")]
async fn refund(shop: &mut Shop, amount: String) {
    let path = format!("{}/refunds", path(shop));
    let request = Request::post(path, json!({"amount_minor": minor(&amount)}));
    let request = request.under(&shop.fresh_key());
    shop.send(request).await;
}

#[when("somebody calls it off")]
async fn call_off(shop: &mut Shop) {
    let path = format!("{}/cancel", path(shop));
    shop.send(Request::post(path, json!({}))).await;
}

#[then(regex = r"^the payment (?:is|comes to be) (\w+)$")]
async fn comes_to_be(shop: &mut Shop, status: String) {
    let path = path(shop);
    eventually(format!("the payment is {status}"), async || {
        let payment = shop.client.get(&path).await.expect(200);
        (payment["status"] == status).then_some(())
    })
    .await;
}

#[then("it was unknown in between")]
async fn was_unknown(shop: &mut Shop) {
    let path = format!("{}/events", path(shop));
    let history = shop.client.get(&path).await.expect(200);
    let steps = history["data"].as_array().expect("a list");
    assert!(
        steps.iter().any(|it| it["status"] == "unknown"),
        "{history}"
    );
}

#[then(regex = r"^(\d+) are due on the invoice, which is (\w+)$")]
async fn due(shop: &mut Shop, due_minor: i64, status: String) {
    let invoice = shop.read_invoice().await;
    assert_eq!(invoice["amount_due_minor"], due_minor);
    assert_eq!(invoice["status"], status);
}

async fn dead_letters(shop: &Shop) -> Vec<Value> {
    let letters = shop.client.get("/dead-letters").await.expect(200);
    letters["data"].as_array().expect("a list").clone()
}

#[then("it is among the dead letters")]
async fn is_dead(shop: &mut Shop) {
    let letters = dead_letters(shop).await;
    let id = path(shop).replace("/payments/", "");
    assert_eq!(letters.len(), 1, "{letters:?}");
    let page = shop.client.get("/dead-letters?page=1&page_size=5").await;
    assert_eq!(page.expect(200)["data"], json!(letters));
    assert_eq!(letters[0]["payment_id"], id);
    assert_eq!(letters[0]["attempts"], 2);
    let story = letters[0]["story"].as_array().expect("a story");
    assert_eq!(story[0]["type"], "payment.created");
}

#[then("there are no dead letters")]
async fn none_is_dead(shop: &mut Shop) {
    assert_eq!(dead_letters(shop).await, Vec::<Value>::new());
}

async fn letter(shop: &Shop) -> String {
    let letters = dead_letters(shop).await;
    let id = letters[0]["id"].as_str().expect("an id");
    format!("/dead-letters/{id}")
}

#[when("somebody has it tried again")]
async fn try_again(shop: &mut Shop) {
    let path = format!("{}/retry", letter(shop).await);
    shop.arrange(Request::post(path, json!({}))).await;
}

#[when("somebody throws it away")]
async fn throw_away(shop: &mut Shop) {
    let request = Request::delete(letter(shop).await);
    assert_eq!(shop.send(request).await.status, 204);
}
