//! A receiver of webhooks on a free port of this machine.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::hmac;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What a receiver does with what it gets.
#[derive(Debug, Clone)]
pub enum Manner {
    /// Answers with a status, and headers if there are any: `302 Found\r\nlocation: /`.
    Answers(&'static str),
    /// Takes it, and never answers.
    Hangs,
    /// Answers 200, and sends a body without end.
    Floods,
}

/// What was received.
#[derive(Debug, Clone)]
pub struct Received {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`.
    pub timestamp: String,
    /// `webhook-signature`: one or several.
    pub signatures: String,
    /// `traceparent`, if there is one.
    pub traceparent: Option<String>,
    /// The event.
    pub event: Value,
    /// The same as it was sent.
    pub body: String,
}

impl Received {
    /// Whether it is signed with this secret (`whsec_…`), as Standard Webhooks wants it.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let secret = secret.strip_prefix("whsec_").unwrap_or(secret);
        let secret = BASE64_STANDARD.decode(secret).expect("a secret is base64");
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let content = format!("{}.{}.{}", self.id, self.timestamp, self.body);
        let signatures = self.signatures.split(' ');
        let mut tags =
            signatures.filter_map(|it| BASE64_STANDARD.decode(it.strip_prefix("v1,")?).ok());
        tags.any(|tag| hmac::verify(&key, content.as_bytes(), &tag).is_ok())
    }
}

/// A receiver. Dropping it closes its port.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    serving: JoinHandle<()>,
}

impl Receiver {
    /// Starts one.
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let into = Arc::clone(&received);
        let serving = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, manner.clone(), Arc::clone(&into)));
            }
        });
        Self {
            address,
            received,
            serving,
        }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}/hooks", self.address)
    }

    /// What it has got until now.
    pub fn received(&self) -> Vec<Received> {
        let received = self.received.lock();
        received.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(mut connection: TcpStream, manner: Manner, into: Arc<Mutex<Vec<Received>>>) {
    while let Some(received) = read(&mut connection).await {
        into.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(received);
        match manner {
            Manner::Answers(status) => {
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
                if connection.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
            Manner::Hangs => return std::future::pending().await,
            Manner::Floods => return flood(connection).await,
        }
    }
}

async fn flood(mut connection: TcpStream) {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let piece = format!("10000\r\n{}\r\n", "x".repeat(0x1_0000));
    let mut sent = connection.write_all(head.as_bytes()).await;
    while sent.is_ok() {
        sent = connection.write_all(piece.as_bytes()).await;
    }
}

/// One request, if it is one.
async fn read(connection: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
            let length: usize = header("content-length: ")?.parse().ok()?;
            if body.len() >= length {
                return Some(Received {
                    id: header("webhook-id: ")?.to_owned(),
                    timestamp: header("webhook-timestamp: ")?.to_owned(),
                    signatures: header("webhook-signature: ")?.to_owned(),
                    traceparent: header("traceparent: ").map(str::to_owned),
                    event: serde_json::from_str(body).ok()?,
                    body: body.to_owned(),
                });
            }
        }
        if connection.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
