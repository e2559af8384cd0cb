//! How providers are reached.

use std::{sync::Arc, time::Duration};

use app::traces;
use domain::payments::{Outcome, ProviderAnswer};
use reqwest::{Client, RequestBuilder, Response, redirect};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use serde_json::Value;

/// What is read of an answer at most. A page of a hundred refunds has about a tenth of it.
const ANSWER_BYTES_MAX: usize = 2 * 1_024 * 1_024;
const IDLE_MAX: Duration = Duration::from_mins(1);

/// No provider can be reached from this machine.
#[derive(Debug, thiserror::Error)]
#[error("no provider can be reached from this machine")]
pub struct NoConnection(#[source] Box<dyn std::error::Error + Send + Sync>);

impl NoConnection {
    pub(crate) fn because(why: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self(why.into())
    }
}

/// An answer: its status, and its body if that is JSON.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) fn is_success(&self) -> bool {
        (200..=299).contains(&self.status)
    }

    /// The text at a place such as `/error/code`.
    pub(crate) fn text(&self, pointer: &str) -> Option<&str> {
        self.body.pointer(pointer).and_then(Value::as_str)
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Silence {
    /// There was no connection, so nothing has arrived.
    Unreachable,
    /// It took too long. Whatever was sent may have arrived.
    TimedOut,
    /// The connection broke off. Whatever was sent may have arrived.
    Broken,
}

impl Silence {
    /// What it means for whatever should have been done.
    pub(crate) const fn answer(self) -> ProviderAnswer {
        match self {
            Self::Unreachable => ProviderAnswer::of(Outcome::Retryable, "unreachable"),
            Self::TimedOut => ProviderAnswer::of(Outcome::Unknown, "timeout"),
            Self::Broken => ProviderAnswer::of(Outcome::Unknown, "connection_lost"),
        }
    }
}

/// Connections to one provider, kept for a while.
#[derive(Clone)]
pub(crate) struct Transport {
    client: Client,
    answer_max: Duration,
}

impl Transport {
    /// Asks nothing of a proxy, follows no redirect, and repeats nothing by itself: whether a request may be sent once more
    /// is not for a client of HTTP to decide.
    pub(crate) fn new(answer_max: Duration) -> Result<Self, NoConnection> {
        let tls = encryption().map_err(|why| NoConnection(why.into()))?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .user_agent(concat!("Tallystick/", env!("CARGO_PKG_VERSION")))
            .pool_idle_timeout(IDLE_MAX)
            .build()
            .map_err(|why| NoConnection(why.into()))?;
        Ok(Self { client, answer_max })
    }

    pub(crate) fn get(&self, url: &str) -> RequestBuilder {
        self.client.get(url)
    }

    pub(crate) fn post(&self, url: &str) -> RequestBuilder {
        self.client.post(url)
    }

    /// Sends it and reads the answer to its end, within the time limit.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Reply, Silence> {
        send_within(self.answer_max, request).await
    }

    /// The same for what has to be known before the real question can be asked: within a third of the time limit, so that
    /// whoever waits for both learns which of them had no answer.
    pub(crate) async fn send_ahead(&self, request: RequestBuilder) -> Result<Reply, Silence> {
        send_within(self.answer_max / 3, request).await
    }
}

async fn send_within(limit: Duration, request: RequestBuilder) -> Result<Reply, Silence> {
    // The provider's support finds the call by it, and so does ours.
    let request = match traces::current() {
        Some(context) => request.header("traceparent", context.to_string()),
        None => request,
    };
    let exchange = async { read(request.send().await?).await };
    match tokio::time::timeout(limit, exchange).await {
        Ok(Ok(reply)) => Ok(reply),
        Ok(Err(why)) => Err(silence_after(why)),
        Err(_elapsed) => Err(Silence::TimedOut),
    }
}

/// Addresses and bodies tell whose payment it is: neither is logged.
fn silence_after(why: reqwest::Error) -> Silence {
    let silence = if why.is_connect() || why.is_builder() {
        Silence::Unreachable
    } else if why.is_timeout() {
        Silence::TimedOut
    } else {
        Silence::Broken
    };
    let why = why.without_url();
    let why: &dyn std::error::Error = &why;
    tracing::warn!(error = why, "a payment provider gives no answer");
    silence
}

/// A body that is too long, or no JSON, is as good as none.
async fn read(mut response: Response) -> Result<Reply, reqwest::Error> {
    let status = response.status().as_u16();
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await? {
        if bytes.len() + piece.len() > ANSWER_BYTES_MAX {
            bytes.clear();
            break;
        }
        bytes.extend_from_slice(&piece);
    }
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    Ok(Reply { status, body })
}

/// TLS with the roots that this machine trusts. Without any, no encrypted connection is made.
fn encryption() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    let (added, _unreadable) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        tracing::warn!(
            "this machine trusts no certificate authority: payment providers cannot be reached"
        );
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}
