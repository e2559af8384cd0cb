//! Ending in order, and ending at once.

use rustix::process::Signal;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{Place, Server, invoice};

/// A request whose body the server waits for.
struct HalfSent {
    connection: TcpStream,
    body: String,
}

impl HalfSent {
    async fn begin(server: &Server) -> Self {
        let (address, key) = (server.api_address().unwrap(), server.key());
        let body = invoice().to_string();
        let mut connection = TcpStream::connect(&address).await.unwrap();
        let head = format!(
            "POST /api/v1/invoices HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
            body.len()
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        let mut said = [0; 12];
        connection.read_exact(&mut said).await.unwrap();
        assert_eq!(&said, b"HTTP/1.1 100");
        Self { connection, body }
    }

    async fn finish(mut self) -> String {
        self.connection
            .write_all(self.body.as_bytes())
            .await
            .unwrap();
        let mut answer = String::new();
        self.connection.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

#[tokio::test]
async fn a_request_in_flight_finishes_before_the_server_ends() {
    let place = Place::new();
    let mut server = place.start().await;
    let in_flight = HalfSent::begin(&server).await;

    server.signal(Signal::TERM);
    server.wait_for_log("requests in flight finish");
    let answer = in_flight.finish().await;

    assert!(answer.contains("HTTP/1.1 201 Created"), "{answer}");
    assert_eq!(server.wait().code(), Some(0));
    assert_eq!(place.postmaster(), None);
}

#[tokio::test]
async fn a_request_that_never_finishes_ends_with_the_drain_time() {
    let place = Place::new().with("SHUTDOWN__DRAIN_S", "1");
    let mut server = place.start().await;
    let _in_flight = HalfSent::begin(&server).await;

    server.signal(Signal::TERM);
    let status = server.wait();

    assert_eq!(status.code(), Some(0), "{}", server.log());
    assert_eq!(place.postmaster(), None);
}

#[tokio::test]
async fn readiness_fails_during_the_pause_while_requests_are_still_answered() {
    let place = Place::new().with("SHUTDOWN__PAUSE_MS", "1500");
    let mut server = place.start().await;

    server.signal(Signal::TERM);
    server.wait_until_not_ready().await;
    let live = server.get("/health/live").send().await.unwrap();
    let health = server.get("/health").send().await.unwrap();
    let id = server.create_invoice().await;

    assert_eq!(
        (live.status(), health.status()),
        (200.try_into().unwrap(), 200.try_into().unwrap())
    );
    assert!(server.has_invoice(&id).await);
    assert_eq!(server.wait().code(), Some(0));
}

#[tokio::test]
async fn a_second_signal_ends_at_once_and_leaves_nothing_running() {
    let place = Place::new().with("SHUTDOWN__PAUSE_MS", "600000");
    let mut server = place.start().await;
    let id = server.create_invoice().await;

    server.signal(Signal::TERM);
    server.wait_until_not_ready().await;
    server.signal(Signal::INT);
    let status = server.wait();

    assert_eq!(status.code(), Some(1), "{}", server.log());
    assert_eq!(place.postmaster(), None);
    let place = place.with("SHUTDOWN__PAUSE_MS", "0");
    assert!(place.start().await.has_invoice(&id).await);
}
