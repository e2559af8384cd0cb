//! The contract of [`RateLimiter`].

use std::time::{Duration, Instant};

use domain::ids::ApiKeyId;
use uuid::Uuid;

use crate::ports::{LimitDecision, LimitSubject, RateLimiter};

const PATIENCE: Duration = Duration::from_secs(10);

/// Panics with what an adapter does not do. It MUST be set to 20 requests a second with a burst of 40 for API keys, and to
/// 1 a second with a burst of 2 for strangers.
pub async fn hold_rate_limiter_to_its_contract(
    limiter: &dyn RateLimiter,
    mut new_id: impl FnMut() -> Uuid,
) {
    let mut key = || LimitSubject::ApiKey(ApiKeyId::from_uuid(new_id()));
    allows_a_burst_and_no_more(limiter, key()).await;
    lets_the_next_ones_through_after_a_while(limiter, key()).await;
    counts_each_subject_by_itself(limiter, key(), key()).await;
    never_allows_more_than_the_rate(limiter, key()).await;
}

async fn take_until_refused(limiter: &dyn RateLimiter, subject: LimitSubject) -> LimitDecision {
    let started = Instant::now();
    loop {
        let decision = limiter.take(subject).await;
        if !decision.is_allowed {
            return decision;
        }
        assert!(started.elapsed() < PATIENCE, "never refused");
    }
}

async fn allows_a_burst_and_no_more(limiter: &dyn RateLimiter, subject: LimitSubject) {
    let first = limiter.take(subject).await;
    assert!(first.is_allowed);
    assert_eq!((first.burst, first.per_second), (40, 20));
    assert!(first.remaining < 40);
    assert_eq!(first.retry_after, Duration::ZERO);

    let refused = take_until_refused(limiter, subject).await;

    assert_eq!(refused.remaining, 0);
    assert!(refused.retry_after > Duration::ZERO);
    assert!(refused.retry_after <= Duration::from_secs(1));
    assert!(refused.reset_after >= refused.retry_after);
}

async fn lets_the_next_ones_through_after_a_while(
    limiter: &dyn RateLimiter,
    subject: LimitSubject,
) {
    take_until_refused(limiter, subject).await;

    let started = Instant::now();
    while !limiter.take(subject).await.is_allowed {
        assert!(started.elapsed() < PATIENCE, "never allowed again");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn counts_each_subject_by_itself(
    limiter: &dyn RateLimiter,
    subject: LimitSubject,
    other: LimitSubject,
) {
    take_until_refused(limiter, subject).await;

    assert!(limiter.take(other).await.is_allowed);
}

async fn never_allows_more_than_the_rate(limiter: &dyn RateLimiter, subject: LimitSubject) {
    let (started, mut allowed) = (Instant::now(), 0_u32);
    while started.elapsed() < Duration::from_secs(1) {
        if limiter.take(subject).await.is_allowed {
            allowed += 1;
        }
        tokio::task::yield_now().await;
    }

    let bound = 40.0 + 20.0 * (started.elapsed().as_secs_f64() + 0.1) + 1.0;
    assert!(f64::from(allowed) <= bound, "{allowed} were allowed");
    assert!(allowed >= 40, "only {allowed} were allowed");
}
