//! How many requests may come: the generic cell rate algorithm (ITU-T I.371, annex A) in its form as a leaky bucket.
//!
//! Each request owes one million parts, and each microsecond pays off as many parts as requests are allowed per second: so
//! all of it is exact in whole numbers. There is no clock here: adapters say what time it is.

use std::time::Duration;

use crate::ports::{LimitDecision, LimitSubject};

const REQUEST: u64 = 1_000_000;

/// How many requests may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    per_second: u32,
    burst: u32,
}

/// The limits for those who are known and for those who are not, whatever they ask for. Zero counts as one: a limit that lets nobody in is an
/// outage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// Requests per second with one valid key.
    pub per_second: u32,
    /// Requests at once with one valid key.
    pub burst: u32,
    /// Requests per second from one address with no valid key.
    pub stranger_per_second: u32,
    /// Requests at once from one address with no valid key.
    pub stranger_burst: u32,
}

/// What one subject owes for its requests. The default owes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bucket {
    owed: u64,
    at_us: u64,
}

impl RateLimits {
    /// The limit that this subject has.
    pub const fn of(&self, subject: LimitSubject) -> RateLimit {
        match subject {
            LimitSubject::ApiKey(_) => RateLimit::new(self.per_second, self.burst),
            LimitSubject::Stranger(_) | LimitSubject::Visitor(_) => {
                RateLimit::new(self.stranger_per_second, self.stranger_burst)
            }
        }
    }
}

impl Default for RateLimits {
    /// 1,000 a second with a burst of 2,000 for keys, 20 a second with a burst of 40 for strangers.
    fn default() -> Self {
        Self {
            per_second: 1_000,
            burst: 2_000,
            stranger_per_second: 20,
            stranger_burst: 40,
        }
    }
}

impl RateLimit {
    /// So many requests a second for ever, and so many at once after a pause. Zero counts as one.
    pub const fn new(per_second: u32, burst: u32) -> Self {
        const fn at_least_one(count: u32) -> u32 {
            if count == 0 { 1 } else { count }
        }
        Self {
            per_second: at_least_one(per_second),
            burst: at_least_one(burst),
        }
    }

    /// How many a second.
    pub const fn per_second(self) -> u32 {
        self.per_second
    }

    /// How many at once.
    pub const fn burst(self) -> u32 {
        self.burst
    }

    /// How many an instance takes from a shared limiter at a time: those of a tenth of a second, and at least one.
    pub fn lease(self) -> u32 {
        (self.per_second / 10).clamp(1, self.burst)
    }

    fn most_owed(self) -> u64 {
        u64::from(self.burst) * REQUEST
    }

    /// How long it takes to pay off these parts.
    fn time_for(self, parts: u64) -> Duration {
        Duration::from_micros(parts.div_ceil(u64::from(self.per_second)))
    }
}

impl Bucket {
    /// One that owes these parts (millionths of a request) at an instant, in microseconds since any fixed one.
    pub const fn owing(owed: u64, at_us: u64) -> Self {
        Self { owed, at_us }
    }

    /// Counts up to `wanted` requests, and says how many of them may go ahead. An instant before that of an earlier call
    /// counts as that one.
    pub fn take(&mut self, limit: RateLimit, now_us: u64, wanted: u32) -> u32 {
        self.owed = self.owed_at(limit, now_us);
        self.at_us = self.at_us.max(now_us);
        let free = limit.most_owed().saturating_sub(self.owed) / REQUEST;
        let granted = u32::try_from(free).map_or(wanted, |free| free.min(wanted));
        self.owed += u64::from(granted) * REQUEST;
        granted
    }

    /// The same, had `count` requests not been counted.
    #[must_use]
    pub fn without(self, count: u32) -> Self {
        Self {
            owed: self.owed.saturating_sub(u64::from(count) * REQUEST),
            ..self
        }
    }

    /// What a client is told after one request that may go ahead or not.
    pub fn decision(&self, limit: RateLimit, now_us: u64, is_allowed: bool) -> LimitDecision {
        let owed = self.owed_at(limit, now_us);
        let remaining = limit.most_owed().saturating_sub(owed) / REQUEST;
        let too_much = (owed + REQUEST).saturating_sub(limit.most_owed());
        LimitDecision {
            is_allowed,
            burst: limit.burst,
            per_second: limit.per_second,
            remaining: u32::try_from(remaining).unwrap_or(limit.burst),
            reset_after: limit.time_for(owed),
            retry_after: if is_allowed {
                Duration::ZERO
            } else {
                limit.time_for(too_much)
            },
        }
    }

    /// Whether nothing is owed any more, so that it may as well be forgotten.
    pub fn is_settled(&self, limit: RateLimit, now_us: u64) -> bool {
        self.owed_at(limit, now_us) == 0
    }

    fn owed_at(&self, limit: RateLimit, now_us: u64) -> u64 {
        let elapsed_us = now_us.saturating_sub(self.at_us);
        let paid = elapsed_us.saturating_mul(u64::from(limit.per_second));
        self.owed.saturating_sub(paid)
    }
}

#[cfg(test)]
mod tests;
