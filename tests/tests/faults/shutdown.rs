//! An orderly end.

use std::{net::SocketAddr, time::Duration};

use futures_util::future::join_all;
use rustix::process::Signal;
use serde_json::json;
use tests::{Client, Database, Service, Setup, Tenant, eventually, invoice};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

async fn running(settings: &[(&str, u32)]) -> (Service, Tenant) {
    let database = Database::fresh().await;
    let setup = settings
        .iter()
        .fold(Setup::on(&database), |setup, (name, value)| {
            setup.with(name, value)
        });
    let service = setup.start().await;
    let tenant = Tenant::on(&database).await;
    (service, tenant)
}

/// Creates invoices on connections of their own as long as the service says that it is ready, as behind a proxy.
async fn shop_until_unready(client: Client) -> usize {
    let client = client.without_keep_alive();
    let mut served = 0;
    loop {
        let probe = client
            .call(reqwest::Method::GET, "/health/ready")
            .attempt()
            .await;
        if probe.is_err() || probe.is_ok_and(|probe| probe.status != 200) {
            return served;
        }
        let created = client.post("/invoices", &invoice()).attempt().await;
        created
            .expect("a request that was let in is answered")
            .expect(201);
        served += 1;
    }
}

#[tokio::test]
async fn behind_a_proxy_no_request_fails_when_it_is_asked_to_end() {
    let (service, tenant) = running(&[("SHUTDOWN__PAUSE_MS", 1_500)]).await;
    let shoppers: Vec<_> = (0..6)
        .map(|_| tokio::spawn(shop_until_unready(tenant.at(&service))))
        .collect();
    let client = tenant.at(&service);
    eventually("the shoppers are at work", async || {
        let page = client.get("/invoices?page=1").await.expect(200);
        (page["total"].as_u64() > Some(20)).then_some(())
    })
    .await;

    service.signal(Signal::TERM);

    let served = join_all(shoppers)
        .await
        .into_iter()
        .map(|served| served.expect("nothing failed"));
    let served = i64::try_from(served.sum::<usize>()).unwrap();
    let database = service.database().clone();
    assert_eq!(service.ended().await.code(), Some(0));
    assert_eq!(
        database.count("SELECT count(*) FROM invoices", &[]).await,
        served
    );
}

#[tokio::test]
async fn a_request_in_flight_is_answered_before_the_end() {
    let (service, tenant) = running(&[]).await;
    let body = json!({"name": "Ada"}).to_string();
    let mut socket = TcpStream::connect(service.address()).await.unwrap();
    let begun = tenant.unfinished("/customers", (body.len(), &body[..5]));
    socket.write_all(begun.as_bytes()).await.unwrap();
    // Another request shows that the service has come to read this one.
    tenant.at(&service).get("/customers").await.expect(200);

    service.signal(Signal::TERM);
    let stranger = service.stranger().without_keep_alive();
    eventually("no new connection is let in", async || {
        stranger
            .call(reqwest::Method::GET, "/health")
            .attempt()
            .await
            .is_err()
            .then_some(())
    })
    .await;
    socket.write_all(&body.as_bytes()[5..]).await.unwrap();

    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert_eq!(service.ended().await.code(), Some(0));
}

#[tokio::test]
async fn an_idle_connection_does_not_delay_the_end() {
    let (service, tenant) = running(&[]).await;
    tenant.at(&service).get("/customers").await.expect(200);
    let _idle = TcpStream::connect(service.address()).await.unwrap();

    service.signal(Signal::INT);

    let ended = tokio::time::timeout(Duration::from_secs(15), service.ended()).await;
    assert_eq!(ended.expect("it does not wait for them").code(), Some(0));
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let (service, _tenant) = running(&[("SHUTDOWN__PAUSE_MS", 60_000)]).await;

    service.signal(Signal::TERM);
    let probe = service.stranger();
    eventually("it has heard the first", async || {
        (probe
            .call(reqwest::Method::GET, "/health/ready")
            .await
            .status
            == 503)
            .then_some(())
    })
    .await;
    service.signal(Signal::TERM);

    assert!(!service.ended().await.success());
}

/// Somebody who accepts connections and says nothing.
fn silent() -> (std::net::TcpListener, SocketAddr) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("there are free ports");
    let address = listener.local_addr().expect("it has one");
    (listener, address)
}

/// A service that has traces to hand over, to nobody who takes them.
async fn with_traces_that_nobody_takes() -> (Service, Tenant, std::net::TcpListener) {
    let (listener, address) = silent();
    let database = Database::fresh().await;
    let setup = Setup::on(&database)
        .with("SHUTDOWN__DRAIN_S", 1)
        .with("TELEMETRY__SAMPLING_RATIO", 1)
        .with("TELEMETRY__OTLP_ENDPOINT", format!("http://{address}"))
        .with("TELEMETRY__SENTRY_DSN", format!("http://key@{address}/1"));
    let service = setup.start().await;
    let tenant = Tenant::on(&database).await;
    tenant.at(&service).get("/customers").await.expect(200);
    (service, tenant, listener)
}

/// The page of operations promises ten seconds after pause and drain.
#[tokio::test]
async fn neither_a_request_without_an_end_nor_a_silent_collector_delays_the_end_beyond_what_is_told()
 {
    let (service, tenant, _listener) = with_traces_that_nobody_takes().await;
    let mut endless = TcpStream::connect(service.address()).await.unwrap();
    let begun = tenant.unfinished("/customers", (9, "{"));
    endless.write_all(begun.as_bytes()).await.unwrap();
    // Another request shows that the service has come to read this one.
    tenant.at(&service).get("/customers").await.expect(200);

    service.signal(Signal::TERM);

    let told = Duration::from_secs(1 + 10);
    let ended = tokio::time::timeout(told, service.ended()).await;
    assert_eq!(ended.expect("it ends in time").code(), Some(0));
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once_also_while_it_waits_for_a_silent_collector() {
    let (service, _tenant, _listener) = with_traces_that_nobody_takes().await;

    service.signal(Signal::TERM);
    eventually("nobody is answered any more", async || {
        TcpStream::connect(service.address())
            .await
            .is_err()
            .then_some(())
    })
    .await;
    service.signal(Signal::INT);

    let ended = tokio::time::timeout(Duration::from_secs(15), service.ended()).await;
    assert!(
        !ended.expect("it ends").success(),
        "it was ended, and did not end by itself"
    );
}
