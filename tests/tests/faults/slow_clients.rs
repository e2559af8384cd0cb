//! Clients that take their time.

use std::time::Duration;

use tests::{Database, Service, Setup, Tenant};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Time for the service to lose its patience of half a second, on a busy machine.
const SOON: Duration = Duration::from_secs(10);

async fn impatient() -> (Service, Tenant) {
    let database = Database::fresh().await;
    let setup = Setup::on(&database)
        .with("HTTP__HEADER_TIMEOUT_MS", 500)
        .with("HTTP__BODY_TIMEOUT_MS", 500);
    let service = setup.start().await;
    let tenant = Tenant::on(&database).await;
    (service, tenant)
}

/// What the service says until it hangs up.
async fn last_words(mut socket: TcpStream) -> String {
    let mut words = Vec::new();
    let heard = tokio::time::timeout(SOON, socket.read_to_end(&mut words)).await;
    // A connection that is reset has ended as well.
    let _ = heard.expect("the service hangs up");
    String::from_utf8_lossy(&words).into_owned()
}

#[tokio::test]
async fn a_head_that_does_not_arrive_in_time_is_not_waited_for() {
    let (service, tenant) = impatient().await;
    let mut sockets = Vec::new();
    for head in [
        "",
        "GET /api/v1/invoices HTTP/1.1\r\nHost: t\r\nX-Slow: ",
        "P",
    ] {
        for _ in 0..50 {
            let mut socket = TcpStream::connect(service.address()).await.unwrap();
            socket.write_all(head.as_bytes()).await.unwrap();
            sockets.push(socket);
        }
    }

    tenant.at(&service).get("/invoices").await.expect(200);

    for socket in sockets {
        let words = last_words(socket).await;
        assert!(
            words.is_empty() || (words.starts_with("HTTP/1.1 408 ") && words.ends_with("\r\n\r\n")),
            "{words}"
        );
    }
}

/// It is the whole head that is waited for, and not the next byte of it.
#[tokio::test]
async fn a_head_that_comes_in_drops_is_not_waited_for_either() {
    let (service, tenant) = impatient().await;
    let (mut ears, mut drips) = (Vec::new(), Vec::new());
    for _ in 0..50 {
        let mut socket = TcpStream::connect(service.address()).await.unwrap();
        socket
            .write_all(b"GET /api/v1/invoices HTTP/1.1\r\nX-Slow: ")
            .await
            .unwrap();
        let (ear, mut mouth) = socket.into_split();
        ears.push(ear);
        drips.push(tokio::spawn(async move {
            while mouth.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }));
    }

    tenant.at(&service).get("/invoices").await.expect(200);

    for mut ear in ears {
        let mut words = Vec::new();
        let heard = tokio::time::timeout(SOON, ear.read_to_end(&mut words)).await;
        // A connection that is reset has ended as well.
        let _ = heard.expect("the service hangs up");
        assert!(!words.starts_with(b"HTTP/1.1 2"), "{words:?}");
    }
    drips.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_in_time_is_408() {
    let (service, tenant) = impatient().await;
    let mut socket = TcpStream::connect(service.address()).await.unwrap();
    let head = tenant.unfinished("/invoices", (1_000, "{\"customer\":"));
    socket.write_all(head.as_bytes()).await.unwrap();

    tenant.at(&service).get("/invoices").await.expect(200);

    let words = last_words(socket).await;
    assert!(words.starts_with("HTTP/1.1 408 "), "{words}");
    assert!(
        words.contains("application/problem+json") && words.contains("\"body_timeout\""),
        "{words}"
    );
}

#[tokio::test]
async fn a_body_that_comes_in_drops_is_408_too() {
    let (service, tenant) = impatient().await;
    let mut socket = TcpStream::connect(service.address()).await.unwrap();
    let head = tenant.unfinished("/customers", (1_000, "{"));
    socket.write_all(head.as_bytes()).await.unwrap();
    let (mut ear, mut mouth) = socket.into_split();

    let drops = tokio::spawn(async move {
        while mouth.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });

    let mut words = [0; 12];
    let first = tokio::time::timeout(SOON, ear.read_exact(&mut words)).await;
    drops.abort();
    first.expect("an answer").unwrap();
    assert_eq!(&words, b"HTTP/1.1 408");
}
