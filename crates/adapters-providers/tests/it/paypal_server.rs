//! A server that does what PayPal publishes of its API: tokens, request ids with what became of them, orders, refunds, payouts,
//! transactions, and the check of signatures.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    http_server::{Answer, HttpServer, Request},
    orders::LosesAnswers,
};

/// `client:secret` in base64.
const CREDENTIALS: &str = "Basic Y2xpZW50OnNlY3JldA==";

/// Where an order tells of its capture.
const CAPTURE: &str = "/purchase_units/0/payments/captures/0";

/// What happens to those who want a token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Gate {
    /// They get one.
    #[default]
    Open,
    /// They get none.
    Shut,
    /// They hear nothing.
    Unattended,
}

/// What PayPal has, and how it behaves.
#[derive(Default)]
pub(crate) struct Books {
    /// How many tokens were given out; the last one is the good one.
    pub(crate) tokens: usize,
    /// What happens to those who want one.
    pub(crate) gate: Gate,
    /// What was made, by its path, and what was answered then.
    made: Vec<(String, Value)>,
    /// Which moment everything was made at; any, if it does not matter.
    pub(crate) made_at: Option<Timestamp>,
    /// What was made is not among the transactions yet.
    pub(crate) index_lags: bool,
    /// How many transactions of 5.00 others have made.
    pub(crate) strangers: usize,
    /// Orders are answered without what became of them.
    pub(crate) is_brief: bool,
    stored: HashMap<String, Value>,
    /// What was done is not answered.
    pub(crate) loses_answers: bool,
}

impl Books {
    /// Hours or weeks pass.
    pub(crate) fn forget_keys(&mut self) {
        self.stored.clear();
    }

    /// The token that was given out is not good any more.
    pub(crate) fn revoke(&mut self) {
        self.tokens += 1;
    }

    /// How often money has moved.
    pub(crate) fn moved(&self) -> usize {
        self.made.len()
    }
}

/// PayPal.
pub(crate) struct PaypalServer {
    pub(crate) http: HttpServer,
    pub(crate) books: Arc<Mutex<Books>>,
}

impl PaypalServer {
    pub(crate) async fn start() -> Self {
        let books: Arc<Mutex<Books>> = Arc::default();
        let kept = books.clone();
        let http = HttpServer::start(move |request| answer(request, &mut kept.lock().unwrap()));
        Self {
            http: http.await,
            books,
        }
    }

    /// How often this was asked: `POST /v1/oauth2/token`.
    pub(crate) fn times(&self, line: &str) -> usize {
        self.http.lines().iter().filter(|it| *it == line).count()
    }
}

impl LosesAnswers for PaypalServer {
    fn lose_answers(&self, is_losing: bool) {
        self.books.lock().unwrap().loses_answers = is_losing;
    }
}

fn says(status: u16, body: &Value) -> Answer {
    Answer::Says(status, body.to_string())
}

fn answer(request: &Request, books: &mut Books) -> Answer {
    if request.path == "/v1/oauth2/token" {
        assert_eq!(request.header("authorization"), CREDENTIALS);
        assert_eq!(request.body, "grant_type=client_credentials");
        match books.gate {
            Gate::Open => {}
            Gate::Shut => return says(401, &json!({"error": "invalid_client"})),
            Gate::Unattended => return Answer::Hangs,
        }
        books.tokens += 1;
        let token = format!("A{}", books.tokens);
        return says(
            200,
            &json!({"access_token": token, "token_type": "Bearer", "expires_in": 3_600}),
        );
    }
    if request.header("authorization") != format!("Bearer A{}", books.tokens) {
        return says(401, &json!({"error": "invalid_token"}));
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/v1/notifications/verify-webhook-signature") => verify(request),
        ("GET", "/v1/reporting/transactions") => transactions(request, books),
        ("GET", path) => {
            let known = books.made.iter().find(|(made, _)| made == path);
            known.map_or_else(
                || says(404, &json!({"name": "RESOURCE_NOT_FOUND"})),
                |(_, made)| says(200, made.pointer(CAPTURE).unwrap_or(made)),
            )
        }
        (_, path) => do_it(path, request, books),
    }
}

fn do_it(path: &str, request: &Request, books: &mut Books) -> Answer {
    let body: Value = serde_json::from_str(&request.body).unwrap();
    let key = request.header("paypal-request-id").to_owned();
    let made = match books.stored.get(&key) {
        Some(made) => made.clone(),
        None if path == "/v1/payments/payouts" && knows_batch(books, &body) => {
            let href = format!("https://api-m.paypal.com{}", books.made[0].0);
            let refusal = json!({"name": "USER_BUSINESS_ERROR",
                "links": [{"rel": "self", "href": href}]});
            return says(400, &refusal);
        }
        None => {
            let (place, made) = make(path, &body, books.made.len() + 1);
            books.stored.insert(key, made.clone());
            books.made.push((place, made.clone()));
            made
        }
    };
    if books.loses_answers {
        Answer::HangsUp
    } else if books.is_brief {
        says(201, &json!({"id": made["id"], "status": made["status"]}))
    } else {
        says(201, &made)
    }
}

fn knows_batch(books: &Books, body: &Value) -> bool {
    let id = &body["sender_batch_header"]["sender_batch_id"];
    let mut batches = books.made.iter().map(|(_, made)| &made["batch_header"]);
    batches.any(|it| it["sender_batch_header"]["sender_batch_id"] == *id)
}

/// What is made, and where it can be seen.
fn make(path: &str, body: &Value, number: usize) -> (String, Value) {
    if path == "/v1/payments/payouts" {
        assert_eq!(
            body["items"][0]["amount"],
            json!({"currency": "EUR", "value": "10.00"})
        );
        let header = json!({"payout_batch_id": format!("B{number}"), "batch_status": "PENDING",
            "sender_batch_header": body["sender_batch_header"]});
        let place = format!("/v1/payments/payouts/B{number}");
        return (place, json!({"batch_header": header}));
    }
    let money = json!({"currency_code": "EUR", "value": "10.00"});
    if path == "/v2/checkout/orders" {
        let unit = &body["purchase_units"][0];
        assert_eq!(
            (&body["intent"], &unit["amount"]),
            (&json!("CAPTURE"), &money)
        );
        assert_eq!(
            body["payment_source"],
            json!({"paypal": {"vault_id": "8kk8451t"}})
        );
        let capture = json!({"id": format!("C{number}"), "status": "COMPLETED", "amount": money,
            "custom_id": unit["custom_id"], "invoice_id": unit["invoice_id"]});
        let place = format!("/v2/payments/captures/C{number}");
        let order = json!({"id": format!("O{number}"), "status": "COMPLETED",
            "purchase_units": [{"payments": {"captures": [capture]}}]});
        return (place, order);
    }
    assert!(
        path.starts_with("/v2/payments/captures/") && path.ends_with("/refund"),
        "{path}"
    );
    assert_eq!(body["amount"], money);
    let refund = json!({"id": format!("R{number}"), "status": "COMPLETED"});
    (format!("/v2/payments/refunds/R{number}"), refund)
}

/// Two on a page; the strangers' come first.
fn transactions(request: &Request, books: &Books) -> Answer {
    let moment = |name: &str| -> Timestamp { request.query[name].parse().unwrap() };
    let (from, until) = (moment("start_date"), moment("end_date"));
    assert!(from < until && until.duration_since(from) <= SignedDuration::from_hours(31 * 24));
    let stranger = json!({"transaction_id": "S1", "transaction_status": "S",
        "invoice_id": "of somebody else", "transaction_event_code": "T0006"});
    let is_narrowed = request.query.get("transaction_amount");
    let is_narrowed = is_narrowed.is_some_and(|it| it == "1000 TO 1000");
    let strangers = if is_narrowed { 0 } else { books.strangers };
    let is_in_time = books.made_at.is_none_or(|at| (from..=until).contains(&at));
    let ours = books.made.iter().filter_map(|(_, made)| {
        let capture = made.pointer(CAPTURE)?;
        Some(
            json!({"transaction_id": capture["id"], "transaction_status": "S",
            "invoice_id": capture["invoice_id"], "transaction_event_code": "T0006"}),
        )
    });
    let ours = ours.filter(|_| is_in_time && !books.index_lags);
    let all: Vec<_> = std::iter::repeat_n(stranger, strangers)
        .chain(ours)
        .collect();
    let page: usize = request.query["page"].parse().unwrap();
    let on_page = all.iter().skip((page - 1) * 2).take(2);
    let details: Vec<_> = on_page.map(|it| json!({"transaction_info": it})).collect();
    says(
        200,
        &json!({"transaction_details": details, "page": page, "total_pages": all.len().div_ceil(2)}),
    )
}

/// Only what was sent as `good` is.
fn verify(request: &Request) -> Answer {
    let body: Value = serde_json::from_str(&request.body).unwrap();
    let proofs = [
        "auth_algo",
        "cert_url",
        "transmission_id",
        "transmission_time",
    ];
    assert!(proofs.iter().all(|name| body[name].is_string()), "{body}");
    assert_eq!(body["webhook_id"], "WH-1");
    let is_good = body["transmission_sig"] == "good" && body["webhook_event"].is_object();
    let status = if is_good { "SUCCESS" } else { "FAILURE" };
    says(200, &json!({"verification_status": status}))
}
