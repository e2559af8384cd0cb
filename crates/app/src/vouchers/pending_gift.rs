//! A gift that somebody wants to redeem, on its way.

use std::sync::{Mutex, PoisonError};

use super::redeem_gift::{RedeemGift, RedeemGiftError, RedeemedGift};
use crate::{
    idempotency::{Answer, KeyUse, Render},
    traces::TraceContext,
};

/// A gift to be redeemed once, under a key of the client's.
pub struct KeyedGift {
    /// The key.
    pub key: KeyUse,
    /// What is asked for.
    pub command: RedeemGift,
    /// How it is answered.
    pub render: Box<dyn Render<RedeemedGift, RedeemGiftError>>,
}

/// A gift on its way, which may be tried more than once.
pub(super) struct PendingGift {
    pub(super) keyed: KeyedGift,
    /// What has caused it.
    pub(super) cause: Option<TraceContext>,
    /// What it was last going to be answered.
    last_words: Mutex<Option<Vec<u8>>>,
}

impl PendingGift {
    pub(super) fn new(keyed: KeyedGift, cause: Option<TraceContext>) -> Self {
        let last_words = Mutex::default();
        Self {
            keyed,
            cause,
            last_words,
        }
    }

    /// Whether this is what it was going to be answered itself, and not what somebody was answered under the same key before.
    pub(super) fn was_going_to_say(&self, answer: &[u8]) -> bool {
        let last_words = self.last_words.lock();
        let last_words = last_words.unwrap_or_else(PoisonError::into_inner);
        last_words.as_deref() == Some(answer)
    }

    pub(super) fn render(&self, result: Result<&RedeemedGift, &RedeemGiftError>) -> Answer {
        let answer = self.keyed.render.render(result);
        let last_words = self.last_words.lock();
        *last_words.unwrap_or_else(PoisonError::into_inner) = Some(answer.bytes.clone());
        answer
    }
}
