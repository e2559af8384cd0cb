//! A client of the service's HTTP API.

use std::{future::IntoFuture, net::SocketAddr, time::Duration};

use bytes::Bytes;
use futures_util::future::{BoxFuture, join_all};
use reqwest::{
    Method, RequestBuilder,
    header::{HeaderMap, HeaderName},
};
use serde_json::Value;

use crate::{report, wait::LIMIT};

/// Speaks to one service, with one key or none. Make one per test: its connections belong to the test's runtime.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    root: String,
    key: Option<String>,
}

impl Client {
    /// To whatever listens there, without a key.
    pub fn to(address: SocketAddr) -> Self {
        Self {
            http: Self::plain(),
            root: format!("http://{address}"),
            key: None,
        }
    }

    pub(crate) fn plain() -> reqwest::Client {
        // Fails only if another test was quicker.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(LIMIT);
        client.build().expect("the settings fit each other")
    }

    /// The same with a key.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        Self {
            key: Some(key.to_owned()),
            ..self.clone()
        }
    }

    /// The same, with a new connection for each request.
    #[must_use]
    pub fn without_keep_alive(&self) -> Self {
        let client = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .timeout(LIMIT);
        Self {
            http: client.build().expect("the settings fit each other"),
            ..self.clone()
        }
    }

    /// Reads; the path is that below `/api/v1`.
    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, &format!("/api/v1{path}"))
    }

    /// Creates.
    pub fn post(&self, path: &str, body: &Value) -> Call {
        self.call(Method::POST, &format!("/api/v1{path}"))
            .json(body)
    }

    /// Changes.
    pub fn patch(&self, path: &str, body: &Value) -> Call {
        self.call(Method::PATCH, &format!("/api/v1{path}"))
            .json(body)
    }

    /// Removes.
    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, &format!("/api/v1{path}"))
    }

    /// Any request, for any path of the service.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let mut request = self.http.request(method, format!("{}{path}", self.root));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        Call(request)
    }

    /// Creates, and tells the id of what was created.
    pub async fn create(&self, path: &str, body: &Value) -> String {
        let created = self.post(path, body).await.expect(201);
        created["id"]
            .as_str()
            .expect("what is created has an id")
            .to_owned()
    }

    /// Takes an invoice to a status.
    pub fn mark(&self, id: &str, status: &str) -> Call {
        self.patch(
            &format!("/invoices/{id}/status"),
            &serde_json::json!({"status": status}),
        )
    }
}

/// A request. Await it for its answer.
#[derive(Debug)]
pub struct Call(RequestBuilder);

impl Call {
    /// The same with a header.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// The same with another value of a header that it has already.
    #[must_use]
    pub fn replace_header(self, name: &'static str, value: &str) -> Self {
        let value = value.parse().expect("a header value");
        Self(self.0.headers(HeaderMap::from_iter([(
            HeaderName::from_static(name),
            value,
        )])))
    }

    /// The same under an idempotency key.
    #[must_use]
    pub fn idempotency_key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    /// The same with a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    /// The same with a body that says it is JSON, whatever it is.
    #[must_use]
    pub fn text(self, body: impl Into<Bytes>) -> Self {
        Self(
            self.0
                .body(body.into())
                .header("Content-Type", "application/json"),
        )
    }

    /// The same, given up after this time.
    #[must_use]
    pub fn give_up_after(self, limit: Duration) -> Self {
        Self(self.0.timeout(limit))
    }

    /// The answer as it begins: its status and headers are there, its body comes piece by piece.
    pub async fn open(self) -> reqwest::Result<reqwest::Response> {
        self.0.send().await
    }

    /// The answer, unless there is none.
    pub async fn attempt(self) -> reqwest::Result<Answer> {
        let answered = self.send().await;
        report::count_request(answered.as_ref().ok().map(|answer| answer.status));
        answered
    }

    async fn send(self) -> reqwest::Result<Answer> {
        let response = self.0.send().await?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await?,
        })
    }
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = BoxFuture<'static, Answer>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { self.attempt().await.expect("the service answers") })
    }
}

/// Sends all at the same time, and waits for all answers.
pub async fn at_once(calls: impl IntoIterator<Item = Call>) -> Vec<Answer> {
    join_all(calls.into_iter().map(Call::into_future)).await
}

/// What the service answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; `null` if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body of a success of this status; fails the test otherwise.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }

    /// The status and the code of its problem, which is empty when it is a success.
    pub fn verdict(&self) -> (u16, String) {
        (
            self.status,
            self.json()["code"].as_str().unwrap_or_default().to_owned(),
        )
    }

    /// What is wrong with the request, sorted: where, and what.
    pub fn faults(&self) -> Vec<(String, String)> {
        let body = self.json();
        let text = |fault: &Value, name: &str| fault[name].as_str().map(str::to_owned);
        let fault = |fault: &Value| {
            let place = ["pointer", "parameter", "header"]
                .into_iter()
                .find_map(|name| text(fault, name));
            (
                place.unwrap_or_default(),
                text(fault, "code").unwrap_or_default(),
            )
        };
        let mut faults: Vec<_> = body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(fault)
            .collect();
        faults.sort();
        faults
    }

    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
