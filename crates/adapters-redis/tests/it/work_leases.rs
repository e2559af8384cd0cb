//! Who is at work on what.

use std::time::Duration;

use adapters_redis::RedisWorkLeases;
use app::{
    ports::{LeaseRequest, WorkLeases},
    testing::contracts::hold_work_leases_to_their_contract,
};
use uuid::Uuid;

use crate::redis_server::RedisServer;

const WORK: [Uuid; 1] = [Uuid::from_u128(1)];

const fn request(token: u128) -> LeaseRequest<'static> {
    LeaseRequest {
        work: &WORK,
        token: Uuid::from_u128(token),
        lasts: Duration::from_secs(30),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_contract_holds() {
    let server = RedisServer::start();
    let leases = [(); 2].map(|()| RedisWorkLeases::new(server.pool()));
    let mut last = 0;

    let new_id = || {
        last += 1;
        Uuid::from_u128(last)
    };
    hold_work_leases_to_their_contract(&leases[0], &leases[1], new_id).await;
}

#[tokio::test]
async fn a_lease_that_redis_has_lost_can_be_taken_by_another_and_is_not_extended() {
    let server = RedisServer::start();
    let leases = RedisWorkLeases::new(server.pool());
    leases.take(request(1)).await.unwrap();

    server.ask::<()>(&["FLUSHALL"]);

    assert!(leases.extend(request(1)).await.unwrap().is_empty());
    assert_eq!(leases.take(request(2)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn scripts_that_redis_has_lost_are_loaded_again() {
    let server = RedisServer::start();
    let leases = RedisWorkLeases::new(server.pool());
    leases.take(request(1)).await.unwrap();

    server.ask::<()>(&["SCRIPT", "FLUSH"]);

    assert_eq!(leases.extend(request(1)).await.unwrap().len(), 1);
    server.ask::<()>(&["SCRIPT", "FLUSH"]);
    leases.release(&WORK, request(1).token).await.unwrap();
    assert_eq!(server.ask::<u32>(&["DBSIZE"]), 0);
}

#[tokio::test]
async fn without_redis_nobody_is_told_that_work_is_theirs() {
    let server = RedisServer::start();
    let leases = RedisWorkLeases::new(server.pool());

    server.kill();

    assert!(leases.take(request(1)).await.is_err());
}
