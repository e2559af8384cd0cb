//! The contract of [`RateLimiter`].

use std::{
    net::{IpAddr, Ipv6Addr},
    time::{Duration, Instant},
};

use domain::ids::ApiKeyId;
use futures_util::future::join_all;
use uuid::Uuid;

use crate::ports::{LimitDecision, LimitSubject, RateLimiter};

const PATIENCE: Duration = Duration::from_secs(10);

/// Panics with what an adapter does not do. It MUST be set to 20 requests a second with a burst of 40 for API keys, and to
/// 1 a second with a burst of 2 for strangers.
pub async fn hold_rate_limiter_to_its_contract(
    limiter: &dyn RateLimiter,
    mut new_id: impl FnMut() -> Uuid,
) {
    let address = address(new_id());
    let mut key = || LimitSubject::ApiKey(ApiKeyId::from_uuid(new_id()));
    allows_a_burst_and_no_more(limiter, key()).await;
    lets_the_next_ones_through_after_a_while(limiter, key()).await;
    lets_a_client_in_when_it_said_so(limiter, key()).await;
    counts_each_subject_by_itself(limiter, key(), key()).await;
    never_allows_more_than_the_rate(limiter, key()).await;
    never_allows_more_to_many_at_once(limiter, key()).await;
    holds_strangers_to_a_limit_of_their_own(limiter, LimitSubject::Stranger(address)).await;
    // What the same address has done before does not count here.
    holds_strangers_to_a_limit_of_their_own(limiter, LimitSubject::Visitor(address)).await;
}

fn address(id: Uuid) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from(id.as_u128()))
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
    assert_eq!(first.remaining, 39);
    assert_eq!(first.retry_after, Duration::ZERO);
    assert!(first.reset_after > Duration::ZERO);
    assert!(first.reset_after <= Duration::from_millis(50));

    let refused = take_until_refused(limiter, subject).await;

    assert_eq!(refused.remaining, 0);
    assert!(refused.retry_after > Duration::ZERO);
    assert!(refused.retry_after <= Duration::from_millis(50));
    assert!(refused.reset_after >= refused.retry_after);
    assert!(refused.reset_after <= Duration::from_secs(2));
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

async fn lets_a_client_in_when_it_said_so(limiter: &dyn RateLimiter, subject: LimitSubject) {
    let refused = take_until_refused(limiter, subject).await;

    // A timer of the runtime has a resolution of a millisecond, and never ends early.
    tokio::time::sleep(refused.retry_after + Duration::from_millis(1)).await;

    assert!(limiter.take(subject).await.is_allowed);
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

    assert_within_the_rate(allowed, started);
}

async fn never_allows_more_to_many_at_once(limiter: &dyn RateLimiter, subject: LimitSubject) {
    let started = Instant::now();

    let decisions = join_all((0..200).map(|_| limiter.take(subject))).await;

    let allowed = decisions.iter().filter(|decision| decision.is_allowed);
    assert_within_the_rate(allowed.map(|_| 1_u32).sum(), started);
}

fn assert_within_the_rate(allowed: u32, started: Instant) {
    let bound = 40.0 + 20.0 * (started.elapsed().as_secs_f64() + 0.1);
    assert!(f64::from(allowed) <= bound, "{allowed} were allowed");
    assert!(allowed >= 40, "only {allowed} were allowed");
}

async fn holds_strangers_to_a_limit_of_their_own(
    limiter: &dyn RateLimiter,
    stranger: LimitSubject,
) {
    let first = limiter.take(stranger).await;
    assert!(first.is_allowed);
    assert_eq!((first.burst, first.per_second), (2, 1));

    let refused = take_until_refused(limiter, stranger).await;

    assert_eq!(refused.remaining, 0);
    assert!(refused.retry_after <= Duration::from_secs(1));
}
