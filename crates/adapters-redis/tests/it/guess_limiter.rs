//! Guesses of codes that instances count together.

use adapters_redis::RedisGuessLimiter;
use app::{
    ports::GuessLimiter as _, testing::contracts::hold_guess_limiter_to_its_contract,
    vouchers::GuessWindow,
};
use domain::ids::ApiKeyId;
use jiff::Timestamp;
use uuid::Uuid;

use crate::redis_server::RedisServer;

fn ids() -> impl FnMut() -> Uuid {
    let mut last = 0;
    move || {
        last += 1;
        Uuid::from_u128(last)
    }
}

#[tokio::test]
async fn the_contract_holds_for_two_instances() {
    let server = RedisServer::start();
    let [one, other] = [(); 2].map(|()| RedisGuessLimiter::new(server.pool()));

    hold_guess_limiter_to_its_contract([&one, &other], ids()).await;
}

#[tokio::test]
async fn the_contract_holds_for_one_without_redis() {
    let server = RedisServer::start();
    let limiter = RedisGuessLimiter::new(server.pool());
    server.kill();

    hold_guess_limiter_to_its_contract([&limiter, &limiter], ids()).await;
}

#[tokio::test]
async fn what_was_guessed_is_not_forgotten_when_redis_goes() {
    let server = RedisServer::start();
    let limiter = RedisGuessLimiter::new(server.pool());
    let (key, now) = (
        ApiKeyId::from_uuid(Uuid::from_u128(1)),
        Timestamp::UNIX_EPOCH,
    );
    for _ in 0..GuessWindow::MOST - 1 {
        assert_eq!(limiter.note(key, now).await, Ok(()));
    }

    server.kill();

    assert_eq!(limiter.note(key, now).await, Ok(()));
    assert!(limiter.note(key, now).await.is_err());
    assert!(limiter.admit(key, now).await.is_err());
}
