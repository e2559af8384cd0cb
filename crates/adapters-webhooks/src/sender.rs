//! Sends webhooks over HTTP.

use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use app::{
    events::CLOUD_EVENT_MEDIA_TYPE,
    ports::{SendReport, SignedParcel, WebhookSender},
    traces,
};
use async_trait::async_trait;
use domain::webhooks::{AttemptOutcome, Reach, SendFailure};
use reqwest::{Client, Response, header::CONTENT_TYPE, redirect};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::{
    guarded_resolver::{AddressRefused, GuardedResolver, LookUp, SystemLookUp},
    signature::signatures,
};

/// How long an attempt may take until its status is known.
const ATTEMPT_MAX: Duration = Duration::from_secs(15);
/// An answer is told by its status. What follows is read for the sake of the connection only, so not for long, and does not
/// change what became of the attempt.
const REST_MAX: Duration = Duration::from_secs(1);
const REST_BYTES_MAX: usize = 4 * 1_024;
const IDLE_MAX: Duration = Duration::from_mins(1);
const IDLE_CONNECTIONS_PER_HOST: usize = 4;

/// Nothing can be sent from this machine.
#[derive(Debug, thiserror::Error)]
#[error("nothing can be sent from this machine")]
pub struct NoSender(#[source] Box<dyn Error + Send + Sync>);

/// Sends webhooks over connections that it keeps for a while.
pub struct HttpWebhookSender {
    client: Client,
    reach: Arc<Reach>,
}

impl HttpWebhookSender {
    /// A sender that reaches this far, and trusts whom this machine trusts.
    pub fn new(reach: Reach) -> Result<Self, NoSender> {
        Self::looking_up(reach, Arc::new(SystemLookUp))
    }

    /// The same, with names looked up in another way.
    pub fn looking_up(reach: Reach, look_up: Arc<dyn LookUp>) -> Result<Self, NoSender> {
        let reach = Arc::new(reach);
        let resolver = GuardedResolver::new(look_up, Arc::clone(&reach));
        let tls = encryption().map_err(|why| NoSender(why.into()))?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Arc::new(resolver))
            // A proxy would look names up itself, and reach what is out of reach from here.
            .no_proxy()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .user_agent(concat!("Tallystick/", env!("CARGO_PKG_VERSION")))
            .pool_idle_timeout(IDLE_MAX)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST)
            .build()
            .map_err(|why| NoSender(why.into()))?;
        Ok(Self { client, reach })
    }

    async fn attempt(&self, parcel: &SignedParcel<'_>) -> AttemptOutcome {
        // An address instead of a name is not looked up, so nobody else would check it.
        if parcel.url.check_reach(&self.reach).is_err() {
            return AttemptOutcome::Failed(SendFailure::AddressRefused);
        }
        let (id, at) = (parcel.id.to_string(), parcel.at.as_second());
        let signature = signatures(parcel.secrets, (&id, at, parcel.body));
        let mut request = self.client.post(parcel.url.as_str());
        if let Some(context) = traces::current() {
            request = request.header("traceparent", context.to_string());
        }
        let sending = request
            .header(CONTENT_TYPE, CLOUD_EVENT_MEDIA_TYPE)
            .header("webhook-id", id)
            .header("webhook-timestamp", at.to_string())
            .header("webhook-signature", signature)
            .body(parcel.body.to_owned())
            .send();
        match tokio::time::timeout(ATTEMPT_MAX, sending).await {
            Ok(Ok(answer)) => {
                let status = answer.status().as_u16();
                // Either way its status is known.
                let _ = tokio::time::timeout(REST_MAX, read_rest(answer)).await;
                AttemptOutcome::Answered(status)
            }
            Ok(Err(why)) => AttemptOutcome::Failed(failure(&why)),
            Err(_elapsed) => AttemptOutcome::Failed(SendFailure::TimedOut),
        }
    }
}

#[async_trait]
impl WebhookSender for HttpWebhookSender {
    async fn send<'a>(&self, parcel: SignedParcel<'a>) -> SendReport {
        let began = Instant::now();
        SendReport {
            outcome: self.attempt(&parcel).await,
            took: began.elapsed(),
        }
    }
}

/// Reads a short answer to its end, so that the connection can be used again. One with a longer answer is closed.
async fn read_rest(mut answer: Response) {
    let mut left = REST_BYTES_MAX;
    while let Ok(Some(piece)) = answer.chunk().await {
        match left.checked_sub(piece.len()) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

fn failure(error: &reqwest::Error) -> SendFailure {
    if is_refused(error) {
        SendFailure::AddressRefused
    } else if error.is_timeout() {
        SendFailure::TimedOut
    } else if error.is_connect() {
        SendFailure::Unreachable
    } else {
        SendFailure::Broken
    }
}

/// Whether the resolver's refusal is among the causes.
fn is_refused(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(current) = cause {
        if current.is::<AddressRefused>() {
            return true;
        }
        cause = current.source();
    }
    false
}

/// TLS with the roots that this machine trusts. Without any, no encrypted connection is made, and each attempt says so.
fn encryption() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    let (added, _unreadable) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        tracing::warn!(
            "this machine trusts no certificate authority: webhooks to https are not delivered"
        );
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}
