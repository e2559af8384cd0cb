//! Rate limits that instances keep together.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use adapters_redis::RedisRateLimiter;
use app::{
    platform::RateLimits,
    ports::{LimitSubject, RateLimiter},
    testing::contracts::hold_rate_limiter_to_its_contract,
};
use domain::ids::ApiKeyId;
use uuid::Uuid;

use crate::redis_server::{RedisServer, eventually};

const SUBJECT: LimitSubject = LimitSubject::ApiKey(ApiKeyId::from_uuid(Uuid::from_u128(1)));
const LEASE: f64 = 2.0;

fn limiter_on(server: &RedisServer) -> Arc<RedisRateLimiter> {
    let limits = RateLimits {
        per_second: 20,
        burst: 40,
        stranger_per_second: 1,
        stranger_burst: 2,
    };
    Arc::new(RedisRateLimiter::new(server.pool(), limits))
}

/// How many of many who take as fast as they can are allowed, by these limiters in turn, until the time is over.
async fn allowed_to_many(limiters: &[Arc<RedisRateLimiter>], until: Instant) -> u32 {
    let takers: Vec<_> = (0..200)
        .map(|number| {
            let limiter = Arc::clone(&limiters[number % limiters.len()]);
            tokio::spawn(async move {
                let mut allowed = 0;
                while Instant::now() < until {
                    allowed += u32::from(limiter.take(SUBJECT).await.is_allowed);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                allowed
            })
        })
        .collect();
    let mut allowed = 0;
    for taker in takers {
        allowed += taker.await.unwrap();
    }
    allowed
}

#[tokio::test]
async fn the_contract_holds() {
    let server = RedisServer::start();
    let (limiter, mut last) = (limiter_on(&server), 0);

    let new_id = || {
        last += 1;
        Uuid::from_u128(last)
    };
    hold_rate_limiter_to_its_contract(limiter.as_ref(), new_id).await;
}

#[tokio::test]
async fn the_contract_holds_without_redis() {
    let server = RedisServer::start();
    let (limiter, mut last) = (limiter_on(&server), 0);
    server.kill();

    let new_id = || {
        last += 1;
        Uuid::from_u128(last)
    };
    hold_rate_limiter_to_its_contract(limiter.as_ref(), new_id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_instances_together_allow_no_more_than_the_limit_and_their_leases() {
    let server = RedisServer::start();
    let limiters = [(); 3].map(|()| limiter_on(&server));
    let started = Instant::now();

    let allowed = allowed_to_many(&limiters, started + Duration::from_millis(700)).await;

    let most = 40.0 + 20.0 * started.elapsed().as_secs_f64() + 3.0 * LEASE;
    assert!(f64::from(allowed) <= most, "{allowed} of {most}");
    assert!(allowed >= 50, "only {allowed}");
}

#[tokio::test]
async fn requests_cost_few_round_trips_and_refusals_none() {
    let server = RedisServer::start();
    let limiter = limiter_on(&server);
    let commands = || {
        let stats: String = server.ask(&["INFO", "commandstats"]);
        let line = stats
            .lines()
            .find(|line| line.starts_with("cmdstat_evalsha"));
        let calls = line.and_then(|line| line.split(['=', ',']).nth(1));
        calls.map_or(0, |calls| calls.parse::<u32>().unwrap())
    };

    let (started, mut asked) = (Instant::now(), 0_u32);
    while started.elapsed() < Duration::from_millis(500) {
        limiter.take(SUBJECT).await;
        asked += 1;
        tokio::task::yield_now().await;
    }

    assert!(asked > 1_000, "{asked}");
    let most = 20.0 + 20.0 * started.elapsed().as_secs_f64() + 2.0;
    assert!(f64::from(commands()) <= most, "{} of {most}", commands());
}

#[tokio::test]
async fn a_frozen_redis_holds_a_request_for_the_deadline_at_most_and_the_limit_stays() {
    let server = RedisServer::start();
    let limiter = limiter_on(&server);
    let started = Instant::now();
    let mut allowed = 0;
    for _ in 0..30 {
        allowed += u32::from(limiter.take(SUBJECT).await.is_allowed);
    }

    server.freeze();
    let mut longest = Duration::ZERO;
    let frozen_at = Instant::now();
    while frozen_at.elapsed() < Duration::from_millis(600) {
        let asked = Instant::now();
        allowed += u32::from(limiter.take(SUBJECT).await.is_allowed);
        longest = longest.max(asked.elapsed());
        tokio::task::yield_now().await;
    }
    let most = 40.0 + 20.0 * started.elapsed().as_secs_f64() + LEASE;
    server.thaw();

    assert!(longest < Duration::from_millis(750), "{longest:?}");
    assert!(f64::from(allowed) <= most, "{allowed} of {most}");
    assert!(allowed >= 40, "only {allowed}");
}

#[tokio::test]
async fn when_redis_is_back_instances_count_together_again() {
    let mut server = RedisServer::start();
    let (one, other) = (limiter_on(&server), limiter_on(&server));
    server.kill();
    assert!(one.take(SUBJECT).await.is_allowed);
    server.start_again();

    let is_counted = async || {
        one.take(SUBJECT).await;
        server.ask::<u32>(&["DBSIZE"]) == 1
    };
    eventually("redis counts", is_counted).await;
    while one.take(SUBJECT).await.is_allowed {}

    let sees_those_of_the_other = async || other.take(SUBJECT).await.remaining < 38;
    eventually("the other sees them", sees_those_of_the_other).await;
}

#[tokio::test]
async fn a_script_that_redis_has_lost_is_loaded_again() {
    let server = RedisServer::start();
    let limiter = limiter_on(&server);
    limiter.take(SUBJECT).await;

    server.ask::<()>(&["SCRIPT", "FLUSH"]);
    while limiter.take(SUBJECT).await.is_allowed {}

    assert_eq!(server.ask::<u32>(&["DBSIZE"]), 1);
}
