//! Rate limits in one process.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use adapters_local::{LocalRateLimiter, UuidV7Generator};
use app::{
    platform::RateLimits,
    ports::{IdGenerator, LimitSubject, RateLimiter},
    testing::contracts::hold_rate_limiter_to_its_contract,
};
use domain::ids::ApiKeyId;

fn limits() -> RateLimits {
    RateLimits {
        per_second: 20,
        burst: 40,
        stranger_per_second: 1,
        stranger_burst: 2,
    }
}

fn key() -> LimitSubject {
    LimitSubject::ApiKey(ApiKeyId::from_uuid(UuidV7Generator.new_id()))
}

#[tokio::test]
async fn the_contract_holds() {
    let limiter = LocalRateLimiter::new(limits());

    hold_rate_limiter_to_its_contract(&limiter, || UuidV7Generator.new_id()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_takers_at_once_get_no_more_than_the_limit() {
    let (limiter, subject) = (Arc::new(LocalRateLimiter::new(limits())), key());
    let started = Instant::now();

    let takers: Vec<_> = (0..200)
        .map(|_| {
            let limiter = Arc::clone(&limiter);
            tokio::spawn(async move {
                let mut allowed = 0_u32;
                while started.elapsed() < Duration::from_millis(500) {
                    allowed += u32::from(limiter.take(subject).await.is_allowed);
                    tokio::task::yield_now().await;
                }
                allowed
            })
        })
        .collect();
    let mut allowed = 0;
    for taker in takers {
        allowed += taker.await.unwrap();
    }

    let most = 40.0 + 20.0 * started.elapsed().as_secs_f64();
    assert!(f64::from(allowed) <= most, "{allowed} of {most}");
    assert!(allowed >= 48, "only {allowed}");
}
