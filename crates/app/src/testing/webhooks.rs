//! Chance and receivers that do as tests want.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use domain::webhooks::{AttemptOutcome, WebhookSecret};

use crate::ports::{Dice, SendReport, SignedParcel, WebhookSender};

/// Dice that always fall on the middle side: no jitter.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoadedDice;

impl Dice for LoadedDice {
    fn roll(&self, sides: u32) -> u32 {
        sides / 2
    }
}

/// What was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Where to.
    pub url: String,
    /// What.
    pub body: String,
    /// Signed with these.
    pub secrets: Vec<WebhookSecret>,
}

/// Keeps what is sent, and reports what it was told to, one after the other; success at the end.
#[derive(Debug, Default)]
pub struct QueuedSender {
    outcomes: Mutex<VecDeque<AttemptOutcome>>,
    sent: Mutex<Vec<Sent>>,
}

impl QueuedSender {
    /// A sender that reports these first.
    pub fn reporting(outcomes: impl IntoIterator<Item = AttemptOutcome>) -> Arc<Self> {
        Arc::new(Self {
            outcomes: Mutex::new(outcomes.into_iter().collect()),
            sent: Mutex::default(),
        })
    }

    /// What was sent until now.
    pub fn sent(&self) -> Vec<Sent> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.clone()
    }
}

#[async_trait]
impl WebhookSender for QueuedSender {
    async fn send<'a>(&self, parcel: SignedParcel<'a>) -> SendReport {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.push(Sent {
            url: parcel.url.as_str().to_owned(),
            body: parcel.body.to_owned(),
            secrets: parcel.secrets.to_vec(),
        });
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        SendReport {
            outcome: outcomes
                .pop_front()
                .unwrap_or(AttemptOutcome::Answered(200)),
            took: Duration::ZERO,
        }
    }
}
