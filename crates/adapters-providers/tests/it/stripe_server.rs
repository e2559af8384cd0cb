//! A server that does what Stripe publishes of its API: idempotency keys with their stored answers, metadata, search, lists.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};

use crate::{
    http_server::{Answer, HttpServer, Request},
    orders::LosesAnswers,
};

/// The fields that a request may have, recorded from Stripe's own description of its API.
const FIELDS: [(&str, &[&str]); 4] = [
    (
        "/v1/payment_intents",
        &[
            "amount",
            "currency",
            "description",
            "payment_method",
            "customer",
            "confirm",
            "off_session",
            "automatic_payment_methods[enabled]",
            "automatic_payment_methods[allow_redirects]",
            "metadata[tallystick_key]",
        ],
    ),
    (
        "/v1/payouts",
        &[
            "amount",
            "currency",
            "description",
            "destination",
            "metadata[tallystick_key]",
        ],
    ),
    (
        "/v1/refunds",
        &[
            "payment_intent",
            "charge",
            "amount",
            "metadata[tallystick_key]",
        ],
    ),
    ("reverse", &["metadata[tallystick_key]"]),
];

/// What happens to the answer to a request that did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It arrives.
    Arrives,
    /// It is lost on its way.
    Lost,
    /// The request is lost on its way: nothing is done.
    NeverHeard,
    /// It is done, and answered with an error of Stripe's own, for as long as the key is known.
    Fails,
}

/// What Stripe has.
#[derive(Default)]
pub(crate) struct Books {
    /// What was made, the newest first.
    pub(crate) made: Vec<Value>,
    /// What was answered to each key.
    stored: HashMap<String, (String, Value)>,
    /// Those with an error of its own.
    failed: HashSet<String>,
    /// Searches do not find anything yet.
    pub(crate) index_lags: bool,
}

impl Books {
    /// A day passes.
    pub(crate) fn forget_keys(&mut self) {
        self.stored.clear();
        self.failed.clear();
    }
}

/// Stripe.
pub(crate) struct StripeServer {
    pub(crate) http: HttpServer,
    pub(crate) books: Arc<Mutex<Books>>,
    fate: Arc<Mutex<Fate>>,
}

impl StripeServer {
    pub(crate) async fn start() -> Self {
        let books: Arc<Mutex<Books>> = Arc::default();
        let fate = Arc::new(Mutex::new(Fate::Arrives));
        let (kept, told) = (books.clone(), fate.clone());
        let http = HttpServer::start(move |request| {
            answer(request, &mut kept.lock().unwrap(), *told.lock().unwrap())
        });
        Self {
            http: http.await,
            books,
            fate,
        }
    }

    pub(crate) fn let_answers(&self, fate: Fate) {
        *self.fate.lock().unwrap() = fate;
    }

    /// How often money has moved.
    pub(crate) fn moved(&self) -> usize {
        self.books.lock().unwrap().made.len()
    }
}

impl LosesAnswers for StripeServer {
    fn lose_answers(&self, is_losing: bool) {
        self.let_answers(if is_losing { Fate::Lost } else { Fate::Arrives });
    }
}

fn answer(request: &Request, books: &mut Books, fate: Fate) -> Answer {
    assert_eq!(request.header("authorization"), "Bearer sk_test_1");
    assert!(!request.header("stripe-version").is_empty());
    if request.method == "GET" {
        return read(request, books);
    }
    if fate == Fate::NeverHeard {
        return Answer::HangsUp;
    }
    let key = request.header("idempotency-key").to_owned();
    let asked = format!("{} {}", request.path, request.body);
    let made = match books.stored.get(&key) {
        Some((first, _)) if *first != asked => {
            let error = json!({"error": {"type": "idempotency_error"}});
            return Answer::Says(400, error.to_string());
        }
        Some((_, made)) => made.clone(),
        None => {
            let Some(made) = make(request, books) else {
                let error = json!({"error": {"type": "invalid_request_error"}});
                return Answer::Says(400, error.to_string());
            };
            books.made.insert(0, made.clone());
            books.stored.insert(key.clone(), (asked, made.clone()));
            if fate == Fate::Fails {
                books.failed.insert(key.clone());
            }
            made
        }
    };
    if matches!(fate, Fate::Lost | Fate::NeverHeard) {
        Answer::HangsUp
    } else if books.failed.contains(&key) {
        let error = json!({"error": {"type": "api_error"}});
        Answer::Says(500, error.to_string())
    } else {
        Answer::Says(200, made.to_string())
    }
}

/// Does what is asked, if all its fields are known.
fn make(request: &Request, books: &mut Books) -> Option<Value> {
    let form = request.form();
    let is_described = |(path, _): &&(&str, &[&str])| request.path.ends_with(path);
    let (_, known) = FIELDS.iter().find(is_described)?;
    if form.keys().any(|name| !known.contains(&name.as_str())) {
        return None;
    }
    let number = books.made.len() + 1;
    let (prefix, status) = match request.path.as_str() {
        "/v1/payment_intents" => ("pi", "succeeded"),
        "/v1/refunds" => ("re", "succeeded"),
        _ => ("po", "pending"),
    };
    let id = format!("{prefix}_{number}");
    if let Some(payout) = request.path.strip_suffix("/reverse") {
        let of = payout.rsplit('/').next()?;
        let payout = books.made.iter_mut().find(|it| it["id"] == of)?;
        payout["reversed_by"] = json!(id);
    }
    Some(json!({
        "id": id, "status": status, "reversed_by": null, "payment_intent": form.get("payment_intent"),
        "amount": form.get("amount").and_then(|it| it.parse::<i64>().ok()),
        "metadata": {"tallystick_key": form.get("metadata[tallystick_key]")},
    }))
}

fn read(request: &Request, books: &Books) -> Answer {
    let all_of = |prefix: &'static str| {
        let all = books.made.iter();
        all.filter(move |it| it["id"].as_str().unwrap().starts_with(prefix))
    };
    let found: Vec<&Value> = match request.path.as_str() {
        "/v1/payment_intents/search" if books.index_lags => Vec::new(),
        "/v1/payment_intents/search" => {
            let query = &request.query["query"];
            let key = |it: &&Value| {
                let key = it["metadata"]["tallystick_key"]
                    .as_str()
                    .unwrap_or_default();
                *query == format!("metadata['tallystick_key']:'{key}'")
            };
            all_of("pi_").filter(key).collect()
        }
        "/v1/refunds" => {
            let of = &request.query["payment_intent"];
            all_of("re_")
                .filter(|it| it["payment_intent"] == **of)
                .collect()
        }
        "/v1/payouts" => all_of("po_").collect(),
        path => {
            let id = path.rsplit('/').next().unwrap();
            let found = books.made.iter().find(|it| it["id"] == id);
            let missing =
                json!({"error": {"type": "invalid_request_error", "code": "resource_missing"}});
            return found.map_or(Answer::Says(404, missing.to_string()), |it| {
                Answer::Says(200, it.to_string())
            });
        }
    };
    // Short pages, so that there are several.
    let after = request.query.get("starting_after");
    let behind = after.map_or(0, |id| {
        found.iter().position(|it| it["id"] == **id).unwrap() + 1
    });
    let page: Vec<_> = found.iter().skip(behind).take(2).collect();
    let has_more = behind + page.len() < found.len();
    let list = json!({"object": "list", "data": page, "has_more": has_more});
    Answer::Says(200, list.to_string())
}
