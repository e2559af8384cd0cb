//! How often a client may ask.

use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;
use domain::ids::ApiKeyId;

/// Whose requests are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitSubject {
    /// Those with a valid key.
    ApiKey(ApiKeyId),
    /// Those with no valid key, by client address.
    Stranger(IpAddr),
    /// Those for what is open to all, by client address: whoever reads a lot of that has shown nothing bad.
    Visitor(IpAddr),
}

/// Whether a request may go ahead, and what the client is told of its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitDecision {
    /// Whether it may.
    pub is_allowed: bool,
    /// How many requests may come at once after a pause.
    pub burst: u32,
    /// How many requests a second may come for ever.
    pub per_second: u32,
    /// How many may come right now.
    pub remaining: u32,
    /// When the whole burst is there again.
    pub reset_after: Duration,
    /// When the next one may come; zero when it may.
    pub retry_after: Duration,
}

/// Counts requests.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Counts one request. Over any time, at most `burst + per_second × seconds` MUST be allowed, by all instances that
    /// share a limiter together (but for a lease of one tenth of a second each). MUST not fail and MUST not wait long: a
    /// limiter that cannot reach the others counts by itself.
    async fn take(&self, subject: LimitSubject) -> LimitDecision;
}
