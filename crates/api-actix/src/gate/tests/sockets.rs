//! What only a real connection shows.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use actix_web::HttpServer;
use app::{events::EventPosition, ports::MockEventLog, testing::key_secret};

use super::{ORGANIZATION_PATH, finding_organization};
use crate::{Api, application, testing::Bench};

/// Serves an application while `talk` talks to it, on another thread.
async fn serving<T: Send + 'static>(
    bench: Bench,
    talk: impl FnOnce(SocketAddr) -> T + Send + 'static,
) -> T {
    let api = Api::new(bench.parts);
    let server = HttpServer::new(move || application(&api))
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);
    let said = actix_web::rt::task::spawn_blocking(move || talk(address))
        .await
        .unwrap();
    handle.stop(false).await;
    running.await.unwrap().unwrap();
    said
}

/// Sends this, and reads until the other side closes.
fn exchange(address: SocketAddr, request: &str) -> String {
    let mut connection = TcpStream::connect(address).unwrap();
    connection
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

fn head(method: &str, more: &str) -> String {
    head_for(method, ORGANIZATION_PATH, more)
}

fn head_for(method: &str, path: &str, more: &str) -> String {
    let secret = key_secret();
    let secret = secret.expose();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {secret}\r\n{more}\r\n"
    )
}

#[actix_web::test]
async fn an_answer_to_head_has_no_body() {
    let request = head("HEAD", "");

    let answer = serving(finding_organization(), move |address| {
        exchange(address, &request)
    })
    .await;

    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains("etag: \"1\""), "{head}");
    assert_eq!(body, "");
}

#[actix_web::test]
async fn an_answer_to_head_ends_where_the_body_would_not() {
    let mut log = MockEventLog::new();
    log.expect_end().returning(|| Ok(EventPosition::new(0)));
    let bench = Bench::new().with(|parts| parts.events.log = Arc::new(log));
    let request = head_for("HEAD", "/api/v1/events/stream", "");

    let answer = serving(bench, move |address| exchange(address, &request)).await;

    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains("content-type: text/event-stream"), "{head}");
    assert_eq!(body, "");
}

#[actix_web::test]
async fn a_body_that_does_not_come_is_waited_for_in_vain() {
    let bench = Bench::new().with(|parts| {
        parts.settings.body_read_max = Duration::from_millis(20);
    });
    let request = head(
        "PATCH",
        "Content-Type: application/json\r\nContent-Length: 10\r\n",
    ) + "{";

    let answer = serving(bench, move |address| exchange(address, &request)).await;

    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("\"code\":\"body_timeout\""), "{answer}");
}

#[actix_web::test]
async fn a_request_that_is_given_up_is_answered_like_any_other() {
    let request = head("GET", "X-Request-Id: r-1\r\n");

    // Nothing is expected of the stand-ins, so the endpoint panics.
    let answer = serving(Bench::new(), move |address| exchange(address, &request)).await;

    assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
    assert!(
        answer.contains("content-type: application/problem+json"),
        "{answer}"
    );
    assert!(answer.contains("x-request-id: r-1"), "{answer}");
    assert!(answer.contains("\"code\":\"internal_error\""), "{answer}");
}
