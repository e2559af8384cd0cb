//! Sending one webhook.

use std::time::Duration;

use async_trait::async_trait;
use domain::{
    ids::EventId,
    webhooks::{AttemptOutcome, WebhookSecret, WebhookUrl},
};
use jiff::Timestamp;

/// What is sent.
#[derive(Debug, Clone)]
pub struct SignedParcel<'a> {
    /// Where to.
    pub url: &'a WebhookUrl,
    /// The id of the message: that of the event, however often it is sent.
    pub id: EventId,
    /// When it is sent.
    pub at: Timestamp,
    /// What.
    pub body: &'a str,
    /// What it is signed with: each secret gives a signature.
    pub secrets: &'a [WebhookSecret],
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendReport {
    /// The answer, or why there is none.
    pub outcome: AttemptOutcome,
    /// How long it took.
    pub took: Duration,
}

/// Sends webhooks as Standard Webhooks has them.
///
/// It MUST give up after 15 seconds, follow no redirects, read at most 4 KiB of an answer, and connect to no address that
/// its reach does not have, whatever a name leads to at that moment.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait WebhookSender: Send + Sync {
    /// Sends one.
    async fn send<'a>(&self, parcel: SignedParcel<'a>) -> SendReport;
}
