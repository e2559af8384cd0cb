//! A database that somebody else runs.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use embedded_postgres::{Binaries, Cluster, ClusterOptions, SearchHints, TcpAccess};
use rustix::process::Signal;
use serde_json::Value;

use crate::support::{Place, text_of};

const PASSWORD: &str = "hunter2";

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

fn url(port: u16) -> String {
    format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/tallystick")
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests look where the tester's programs are"
)]
fn hints() -> SearchHints {
    SearchHints {
        folder: std::env::var_os("TALLYSTICK_PG_BIN").map(Into::into),
        path: std::env::var_os("PATH"),
        data_dir: None,
    }
}

/// PostgreSQL on a port, in a folder of the place.
async fn postgres(place: &Place, port: u16) -> Cluster {
    let binaries = Binaries::find(&hints()).unwrap();
    let mut options = ClusterOptions::new(place.path("elsewhere"), binaries);
    options.tcp = Some(TcpAccess {
        port,
        password: PASSWORD.to_owned(),
    });
    Cluster::start(options).await.unwrap()
}

#[tokio::test]
async fn a_server_waits_for_its_database_and_says_so() {
    let port = free_port();
    let place = Place::new().with("DATABASE__URL", &url(port));
    let mut cluster = postgres(&place, port).await;
    cluster.kill_hard().await.unwrap();
    let mut server = place.launch();

    server.wait_for_log("PostgreSQL is not there; trying again");
    cluster.restart().await.unwrap();
    server.wait_until_ready().await;

    assert!(!server.log().contains(PASSWORD));
    assert_eq!(server.printed(), "");
    server.stop(Signal::TERM);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_waits_for_its_database_can_be_ended() {
    let place = Place::new().with("DATABASE__URL", &url(free_port()));
    let mut server = place.launch();

    server.wait_for_log("PostgreSQL is not there; trying again");

    server.stop(Signal::TERM);
}

#[tokio::test]
async fn a_wrong_password_is_not_waited_for() {
    let port = free_port();
    let wrong = url(port).replace(PASSWORD, "wrong");
    let place = Place::new().with("DATABASE__URL", &wrong);
    let cluster = postgres(&place, port).await;
    let began = Instant::now();

    let refused = place.run(&["serve"]);

    assert_eq!(refused.status.code(), Some(1));
    assert!(began.elapsed() < Duration::from_secs(30));
    let said = text_of(&refused.stderr);
    assert!(said.contains("password authentication failed"), "{said}");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn without_the_right_to_migrate_the_schema_must_be_there() {
    let port = free_port();
    let place = Place::new()
        .with("DATABASE__URL", &url(port))
        .with("DATABASE__MIGRATE_ON_START", "false");
    let cluster = postgres(&place, port).await;

    let refused = place.run(&["serve"]);
    let behind = place.run(&["migrate", "--check"]);
    let migrated = place.run(&["migrate", "--json"]);
    let current = place.run(&["migrate", "--check"]);
    let server = place.start().await;

    let said = text_of(&refused.stderr);
    assert!(said.contains("run `tallystick migrate`"), "{said}");
    let codes = [&refused, &behind, &migrated, &current].map(|output| output.status.code());
    assert_eq!(codes, [Some(1), Some(3), Some(0), Some(0)]);
    let applied: Value = serde_json::from_slice(&migrated.stdout).unwrap();
    assert!(applied["applied"].as_u64().unwrap() >= 1);
    assert!(server.is_ready().await);
    server.stop(Signal::TERM);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn without_its_redis_a_server_starts_degraded_and_works() {
    let place = Place::new().with("REDIS__URL", &format!("redis://127.0.0.1:{}", free_port()));

    let server = place.start().await;
    let id = server.create_invoice().await;

    assert!(server.has_invoice(&id).await);
    let health: Value = server
        .get("/health")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(health["status"], "degraded");
    assert_eq!(health["checks"]["redis"]["status"], "degraded");
    assert!(health["checks"]["outbox_lag_seconds"].is_number());
    assert!(server.is_ready().await);
    assert!(place.run(&["health"]).status.success());
    server.stop(Signal::TERM);
}

#[tokio::test]
async fn the_database_may_go_away_and_come_back_without_a_restart() {
    let port = free_port();
    let place = Place::new().with("DATABASE__URL", &url(port));
    let mut cluster = postgres(&place, port).await;
    let server = place.start().await;

    cluster.kill_hard().await.unwrap();
    server.wait_until_not_ready().await;
    let ill = server.get("/health").send().await.unwrap();
    cluster.restart().await.unwrap();
    let began = Instant::now();
    while !server.is_ready().await {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{}",
            server.log()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    assert_eq!(ill.status(), 503);
    server.stop(Signal::TERM);
    cluster.stop().await.unwrap();
}
