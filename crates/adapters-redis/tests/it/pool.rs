//! Connections, and what is done without them.

use std::time::{Duration, Instant};

use adapters_redis::{RedisFailure, RedisOptions, RedisPool};
use futures_util::future::join_all;

use crate::redis_server::{RedisServer, eventually};

#[tokio::test]
async fn redis_need_not_be_there_yet() {
    let mut server = RedisServer::start();
    server.kill();
    let pool = server.pool();

    assert!(matches!(
        pool.ping().await,
        Err(RedisFailure::Disconnected(_))
    ));
    server.start_again();

    eventually("redis is used", async || pool.ping().await.is_ok()).await;
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_and_not_shown() {
    let refused = RedisPool::open(RedisOptions::new("http://user:secret@somewhere"));

    let message = refused.err().unwrap().to_string();
    assert!(!message.contains("secret"), "{message}");
    let options = RedisOptions::new("redis://user:secret@somewhere");
    assert!(!format!("{options:?}").contains("secret"));
}

#[tokio::test]
async fn a_wrong_password_costs_one_attempt_and_then_nothing() {
    let server = RedisServer::start();
    server.ask::<()>(&["CONFIG", "SET", "requirepass", "right"]);
    let url = format!("{}?pass=wrong", server.url());
    let pool = RedisPool::open(RedisOptions::new(url)).unwrap();

    let first = pool.ping().await;
    let second = pool.ping().await;

    assert!(matches!(first, Err(RedisFailure::Disconnected(_))));
    assert!(matches!(second, Err(RedisFailure::CoolingDown)));
}

#[tokio::test]
async fn a_frozen_redis_costs_the_deadline_once_and_then_nothing() {
    let server = RedisServer::start();
    let pool = server.pool();
    pool.ping().await.unwrap();

    server.freeze();
    let (asked, first) = (Instant::now(), pool.ping().await);
    let waited = asked.elapsed();
    let asked_again = Instant::now();
    for _ in 0..1_000 {
        assert!(matches!(pool.ping().await, Err(RedisFailure::CoolingDown)));
    }
    let cost_then = asked_again.elapsed();
    server.thaw();

    assert!(matches!(first, Err(RedisFailure::TimedOut { .. })));
    assert!(waited < Duration::from_secs(1), "{waited:?}");
    assert!(cost_then < Duration::from_millis(200), "{cost_then:?}");
    eventually("redis is used again", async || pool.ping().await.is_ok()).await;
}

#[tokio::test]
async fn a_frozen_redis_holds_two_hundred_callers_no_longer_than_one() {
    let server = RedisServer::start();
    let pool = server.pool();
    server.freeze();

    let asked = Instant::now();
    let answers = join_all((0..200).map(|_| pool.ping())).await;
    let waited = asked.elapsed();
    server.thaw();

    assert!(answers.iter().all(Result::is_err));
    assert!(waited < Duration::from_secs(1), "{waited:?}");
}

#[tokio::test]
async fn connections_that_redis_has_closed_are_replaced_without_a_failure() {
    let server = RedisServer::start();
    let pool = server.pool();
    join_all((0..50).map(|_| pool.ping())).await;

    server.ask::<()>(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);

    pool.ping().await.unwrap();
    assert!(!pool.is_down());
}

#[tokio::test]
async fn there_are_no_more_connections_than_allowed() {
    let server = RedisServer::start();
    let pool = RedisPool::open(RedisOptions {
        connections_max: 3,
        ..RedisOptions::new(server.url())
    });
    let pool = pool.unwrap();

    eventually("all are open", async || {
        let answers = join_all((0..100).map(|_| pool.ping())).await;
        assert!(answers.iter().all(Result::is_ok));
        pool.connections() == 3
    })
    .await;
    join_all((0..100).map(|_| pool.ping())).await;

    assert_eq!(pool.connections(), 3);
}
