//! For the few requests that prepare a measurement.

use std::{io, net::SocketAddr};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::Connection;

/// A client of the API.
#[derive(Debug)]
pub(crate) struct Client {
    connection: Connection,
    head: String,
}

impl Client {
    /// Connects, with an API key if one is given.
    pub(crate) async fn connect(address: SocketAddr, key: Option<&str>) -> io::Result<Self> {
        let authorization = key.map(|key| format!("Authorization: Bearer {key}\r\n"));
        let connection = Connection::open(address).await?;
        Ok(Self {
            connection,
            head: format!("Host: {address}\r\n{}", authorization.unwrap_or_default()),
        })
    }

    /// The status of a GET.
    pub(crate) async fn status(&mut self, path: &str) -> io::Result<u16> {
        let request = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.head);
        let answer = self.connection.exchange(request.as_bytes()).await?;
        Ok(answer.status)
    }

    /// What a GET answers; anything but a success is an error.
    pub(crate) async fn get(&mut self, path: &str) -> anyhow::Result<Vec<u8>> {
        let request = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.head);
        self.succeed(path, &request).await
    }

    /// The same, read as JSON.
    pub(crate) async fn get_json(&mut self, path: &str) -> anyhow::Result<Value> {
        let body = self.get(path).await?;
        serde_json::from_slice(&body).with_context(|| format!("{path} answered no JSON"))
    }

    /// What a POST answers; anything but a success is an error.
    pub(crate) async fn post(&mut self, path: &str, body: &str) -> anyhow::Result<Value> {
        let answer = self.succeed(path, &post(path, &self.head, body)).await?;
        serde_json::from_slice(&answer).with_context(|| format!("{path} answered no JSON"))
    }

    /// The same under an idempotency key.
    pub(crate) async fn post_once(
        &mut self,
        path: &str,
        key: &str,
        body: &str,
    ) -> anyhow::Result<Value> {
        let head = format!("{}Idempotency-Key: {key}\r\n", self.head);
        let answer = self.succeed(path, &post(path, &head, body)).await?;
        serde_json::from_slice(&answer).with_context(|| format!("{path} answered no JSON"))
    }

    async fn succeed(&mut self, path: &str, request: &str) -> anyhow::Result<Vec<u8>> {
        let answer = self.connection.exchange(request.as_bytes()).await;
        let answer = answer.with_context(|| format!("no answer from {path}"))?;
        let text = String::from_utf8_lossy(answer.body);
        ensure!(
            (200..300).contains(&answer.status),
            "{path} answered {}: {text}",
            answer.status
        );
        Ok(answer.body.to_vec())
    }
}

fn post(path: &str, head: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\n{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}
