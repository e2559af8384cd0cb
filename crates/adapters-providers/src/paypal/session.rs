//! Who we are to PayPal: tokens for a while (OAuth 2.0, client credentials).

use std::sync::Arc;

use app::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use reqwest::{RequestBuilder, header::CONTENT_TYPE};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use super::PaypalOptions;
use crate::http::{NoConnection, Reply, Silence, Transport};

/// So long before its end a token is not used any more: a request takes its time.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);

/// Why nothing was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAsked {
    /// There is no token: nothing was sent.
    NoToken,
    /// It was sent, as far as is known.
    Silent(Silence),
}

#[derive(Clone)]
struct Token {
    secret: SecretString,
    until: Timestamp,
}

/// Requests with a token.
pub(crate) struct Session {
    options: PaypalOptions,
    transport: Transport,
    clock: Arc<dyn Clock>,
    token: Mutex<Option<Token>>,
}

impl Session {
    pub(crate) fn new(options: PaypalOptions, clock: Arc<dyn Clock>) -> Result<Self, NoConnection> {
        Ok(Self {
            transport: Transport::new(options.answer_max)?,
            options,
            clock,
            token: Mutex::new(None),
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.transport.get(&format!("{}{path}", self.options.url))
    }

    pub(crate) fn post(&self, path: &str, body: String) -> RequestBuilder {
        let url = format!("{}{path}", self.options.url);
        let request = self.transport.post(&url).body(body);
        request.header(CONTENT_TYPE, "application/json")
    }

    /// Sends it; once more with a new token when PayPal does not take the one there is. It has done nothing then.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Reply, NotAsked> {
        let again = request.try_clone();
        let token = self.token().await?;
        let reply = self.send_with(&token, request).await?;
        match again {
            Some(again) if reply.status == 401 => {
                self.forget(&token).await;
                let token = self.token().await?;
                self.send_with(&token, again).await
            }
            _ => Ok(reply),
        }
    }

    async fn send_with(&self, token: &Token, request: RequestBuilder) -> Result<Reply, NotAsked> {
        let request = request.bearer_auth(token.secret.expose_secret());
        let sent = self.transport.send(request).await;
        sent.map_err(NotAsked::Silent)
    }

    /// The token there is, or a new one: one request for all that wait.
    async fn token(&self) -> Result<Token, NotAsked> {
        let mut token = self.token.lock().await;
        if let Some(current) = token.as_ref()
            && self.now() < current.until
        {
            return Ok(current.clone());
        }
        let fresh = self.new_token().await.ok_or(NotAsked::NoToken)?;
        *token = Some(fresh.clone());
        Ok(fresh)
    }

    async fn forget(&self, refused: &Token) {
        let mut token = self.token.lock().await;
        let is_same = |it: &Token| it.secret.expose_secret() == refused.secret.expose_secret();
        if token.as_ref().is_some_and(is_same) {
            *token = None;
        }
    }

    async fn new_token(&self) -> Option<Token> {
        let asked_at = self.now();
        let request = self
            .transport
            .post(&format!("{}/v1/oauth2/token", self.options.url))
            .basic_auth(
                &self.options.client_id,
                Some(self.options.client_secret.expose_secret()),
            )
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials");
        let reply = self.transport.send_ahead(request).await.ok()?;
        let (secret, seconds) = (
            reply.text("/access_token"),
            reply.body["expires_in"].as_i64(),
        );
        if let (true, Some(secret), Some(seconds)) = (reply.is_success(), secret, seconds) {
            Some(Token {
                secret: secret.into(),
                until: asked_at + SignedDuration::from_secs(seconds.clamp(0, 86_400)) - LEEWAY,
            })
        } else {
            tracing::warn!(status = reply.status, "PayPal gives no token");
            None
        }
    }
}
