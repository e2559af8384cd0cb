//! What a scenario is about: a client's organization, what it asked for, and what it was answered.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use cucumber::World;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, Tenant};

use crate::{events::Follower, moments, webhooks::Audience};

/// The world of one scenario.
#[derive(Debug, World)]
#[world(init = Self::open)]
pub(crate) struct Shop {
    pub(crate) tenant: Tenant,
    /// Acts: today, with a key that may do everything.
    pub(crate) client: Client,
    /// Reads invoices: usually the same.
    pub(crate) reader: Client,
    /// The ids of the scenario's invoices; the last one is "the invoice".
    pub(crate) invoices: Vec<String>,
    /// The ids of its customers; the last one is "the customer".
    pub(crate) customers: Vec<String>,
    /// The ids of its accounts, by their names.
    pub(crate) accounts: BTreeMap<String, String>,
    /// The ids of its transfers that were asked for between accounts; the first one is "the transfer".
    pub(crate) transfers: Vec<String>,
    /// The ids of its holds; the last one is "the hold".
    pub(crate) holds: Vec<String>,
    /// The id of its campaign.
    pub(crate) campaign: String,
    /// How many keys for requests it has made.
    keys: AtomicU32,
    /// The last key that it made: its id and its secret.
    pub(crate) key: Option<(String, String)>,
    /// Every request that it is about.
    pub(crate) requests: Vec<Request>,
    /// The answers to them.
    pub(crate) answers: Vec<Answer>,
    /// The rows that a list gave, all in all.
    pub(crate) listed: Vec<Value>,
    /// Who is told of events by webhook.
    pub(crate) audience: Audience,
    /// Who follows events.
    pub(crate) follower: Follower,
}

/// A request that can be repeated.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    pub(crate) key: Option<String>,
}

impl Request {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path, None)
    }

    pub(crate) fn post(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::POST, path, Some(body))
    }

    pub(crate) fn patch(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::PATCH, path, Some(body))
    }

    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path, None)
    }

    pub(crate) fn under(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    fn new(method: Method, path: impl Into<String>, body: Option<Value>) -> Self {
        Self {
            method,
            path: path.into(),
            body,
            key: None,
        }
    }

    pub(crate) async fn send_by(&self, client: &Client) -> Answer {
        let mut call = client.call(self.method.clone(), &format!("/api/v1{}", self.path));
        if let Some(body) = &self.body {
            call = call.json(body);
        }
        if let Some(key) = &self.key {
            call = call.idempotency_key(key);
        }
        call.await
    }
}

impl Shop {
    async fn open() -> Self {
        let tenant = Tenant::on(moments::database().await).await;
        let client = tenant.at(&*moments::service_in(0).await);
        Self {
            tenant,
            reader: client.clone(),
            client,
            invoices: Vec::new(),
            customers: Vec::new(),
            accounts: BTreeMap::new(),
            transfers: Vec::new(),
            holds: Vec::new(),
            campaign: String::new(),
            keys: AtomicU32::new(0),
            key: None,
            requests: Vec::new(),
            answers: Vec::new(),
            listed: Vec::new(),
            audience: Audience::default(),
            follower: Follower::default(),
        }
    }

    /// A client of the service in some days from today.
    pub(crate) async fn client_in(&self, days: i64) -> Client {
        self.tenant.at(&*moments::service_in(days).await)
    }

    /// Sends what the scenario is about, whatever comes of it.
    pub(crate) async fn send(&mut self, request: Request) -> &Answer {
        let client = self.client.clone();
        self.send_by(&client, request).await
    }

    /// The same by another client.
    pub(crate) async fn send_by(&mut self, client: &Client, request: Request) -> &Answer {
        let answer = request.send_by(client).await;
        if answer.status == 201 {
            self.remember(&request.path, &answer.json());
        }
        self.requests.push(request);
        self.answers.push(answer);
        self.answer()
    }

    fn remember(&mut self, path: &str, created: &Value) {
        let Some(id) = created["id"].as_str().map(str::to_owned) else {
            return;
        };
        match path {
            "/transfers" => self.transfers.push(id),
            "/holds" => self.holds.push(id),
            "/invoices" => self.invoices.push(id),
            "/customers" => self.customers.push(id),
            _ => {
                let secret = created["secret"].as_str().unwrap_or_default();
                self.key = Some((id, secret.to_owned()));
            }
        }
    }

    /// Does what the scenario takes for granted; fails if it cannot be done.
    pub(crate) async fn arrange(&mut self, request: Request) -> Value {
        let answer = request.send_by(&self.client).await;
        assert!((200..300).contains(&answer.status), "{}", answer.text());
        if answer.status == 201 {
            self.remember(&request.path, &answer.json());
        }
        answer.json()
    }

    /// Makes an invoice, and takes it to a status.
    pub(crate) async fn arrange_invoice(&mut self, body: Value, status: &str) {
        self.arrange(Request::post("/invoices", body)).await;
        for step in steps_to(status) {
            let request = Request::patch(
                format!("/invoices/{}/status", self.invoice()),
                json!({"status": step}),
            );
            self.arrange(request).await;
        }
    }

    /// The last answer.
    pub(crate) fn answer(&self) -> &Answer {
        self.answers.last().expect("something was requested")
    }

    /// The id of the invoice that the scenario is about.
    pub(crate) fn invoice(&self) -> &str {
        self.invoices.last().expect("there is an invoice")
    }

    /// The id of an account.
    pub(crate) fn account(&self, name: &str) -> &str {
        self.accounts.get(name).expect("there is such an account")
    }

    /// The id of the transfer that the scenario is about.
    pub(crate) fn transfer(&self) -> &str {
        self.transfers.first().expect("there is a transfer")
    }

    /// The id of the hold that the scenario is about.
    pub(crate) fn hold(&self) -> &str {
        self.holds.last().expect("there is a hold")
    }

    /// A key for a request that is not about keys.
    pub(crate) fn fresh_key(&self) -> String {
        format!("request-{}", self.keys.fetch_add(1, Ordering::Relaxed))
    }

    /// The id of the customer that the scenario is about.
    pub(crate) fn customer(&self) -> &str {
        self.customers.last().expect("there is a customer")
    }

    /// That invoice as it is now.
    pub(crate) async fn read_invoice(&self) -> Value {
        self.read_nth_invoice(self.invoices.len() - 1).await
    }

    pub(crate) async fn read_nth_invoice(&self, index: usize) -> Value {
        self.reader
            .get(&format!("/invoices/{}", self.invoices[index]))
            .await
            .expect(200)
    }
}

/// How an invoice gets to a status.
fn steps_to(status: &str) -> &'static [&'static str] {
    match status {
        "draft" => &[],
        "sent" => &["sent"],
        "viewed" => &["sent", "viewed"],
        "overdue" => &["sent", "overdue"],
        "paid" => &["sent", "paid"],
        "cancelled" => &["sent", "cancelled"],
        other => panic!("{other} is no status"),
    }
}
