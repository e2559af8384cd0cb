//! Requests that no client library sends.

use std::time::{Duration, Instant};

use tests::{Database, Service, Setup, Stage, invoice};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

#[tokio::test]
async fn a_body_without_an_announced_length_ends_at_the_limit_too() {
    let stage = Stage::shared().await;
    let tenant = stage.tenant().await;
    let mut socket = TcpStream::connect(stage.service.address()).await.unwrap();
    let head = format!(
        "POST /api/v1/invoices HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n",
        tenant.key
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x1_0000));
    for _ in 0..17 {
        // The service may hang up as soon as it has seen enough.
        if socket.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }

    let answer = read_some(&mut socket).await;

    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn what_is_not_http_is_answered_or_dropped_but_harms_nobody() {
    let stage = Stage::shared().await;
    let garbage: [&[u8]; 5] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: t\r\n\r\n",
        b"POST /api/v1/invoices HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/v1/invoices HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ];
    for bytes in garbage {
        let mut socket = TcpStream::connect(stage.service.address()).await.unwrap();
        socket.write_all(bytes).await.unwrap();
        socket.shutdown().await.unwrap();
        let answer = read_some(&mut socket).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{answer}"
        );
    }
    let client = stage.tenant().await.at(&stage.service);
    client.post("/invoices", &invoice()).await.expect(201);
}

/// There is no request yet that a problem document could be about (ADR 25).
#[tokio::test]
async fn what_is_no_request_gets_a_status_without_a_body() {
    let stage = Stage::shared().await;
    let fields = "X-Many: 1\r\n".repeat(97);
    let too_many = format!("GET /health/live HTTP/1.1\r\nHost: t\r\n{fields}\r\n");
    let too_long = format!(
        "GET /health/live HTTP/1.1\r\nHost: t\r\nX-Long: {}",
        "x".repeat(0x2_0000)
    );
    for (request, status) in [
        ("HELLO\r\n\r\n", "400 Bad Request"),
        ("GET / HTTP/1.1\r\nHost t\r\n\r\n", "400 Bad Request"),
        (too_many.as_str(), "431 Request Header Fields Too Large"),
        (too_long.as_str(), "431 Request Header Fields Too Large"),
    ] {
        let mut socket = TcpStream::connect(stage.service.address()).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();

        let answer = read_some(&mut socket).await;

        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}\r\n")),
            "{answer}"
        );
        assert!(answer.contains("content-length: 0\r\n"), "{answer}");
        assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    }
}

async fn read_some(socket: &mut TcpStream) -> String {
    let mut answer = vec![0; 4_096];
    let limit = Duration::from_secs(20);
    let read = tokio::time::timeout(limit, socket.read(&mut answer))
        .await
        .expect("an end");
    answer.truncate(read.unwrap_or(0));
    String::from_utf8_lossy(&answer).into_owned()
}

/// Asks once, and waits for the service to hang up; how long that takes.
async fn kept_alive_for(service: &Service) -> Duration {
    let mut socket = TcpStream::connect(service.address()).await.unwrap();
    let request = b"GET /health/live HTTP/1.1\r\nHost: t\r\n\r\n";
    socket.write_all(request).await.unwrap();
    let answered = Instant::now();
    let mut rest = Vec::new();
    let limit = Duration::from_secs(8);
    let ended = tokio::time::timeout(limit, socket.read_to_end(&mut rest)).await;
    drop(ended);
    assert!(rest.starts_with(b"HTTP/1.1 200 "));
    answered.elapsed()
}

#[tokio::test]
async fn a_connection_is_kept_for_as_long_as_is_set() {
    let database = Database::fresh().await;
    let keeping = |seconds| Setup::on(&database).with("HTTP__KEEP_ALIVE_S", seconds);
    let (short, long) = (keeping(1).start().await, keeping(30).start().await);

    let (short, long) = tokio::join!(kept_alive_for(&short), kept_alive_for(&long));

    assert!(short < Duration::from_secs(4), "{short:?}");
    // The framework's own would be 5 seconds.
    assert!(long >= Duration::from_secs(8), "{long:?}");
}
