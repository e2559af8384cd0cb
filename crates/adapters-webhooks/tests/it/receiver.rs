//! A receiver on a free port of this machine.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use app::ports::{SendReport, SignedParcel, WebhookSender};
use domain::{
    ids::EventId,
    webhooks::{Reach, WebhookSecret, WebhookUrl},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use uuid::Uuid;

/// What a receiver does when it has heard a request out.
#[derive(Debug, Clone)]
pub(crate) enum Manner {
    /// Answers with these bytes.
    Says(String),
    /// Answers with a head and then sends a body for ever.
    NeverEnds,
    /// Answers with a head and then nothing.
    Stalls,
    /// The same, but after a while.
    StallsLate(Duration),
    /// Says nothing.
    Hangs,
    /// Hangs up.
    HangsUp,
    /// Speaks first, and another language.
    Greets,
}

impl Manner {
    pub(crate) fn status(line: &str) -> Self {
        Self::Says(format!("HTTP/1.1 {line}\r\ncontent-length: 2\r\n\r\nok"))
    }
}

/// A receiver.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    pub(crate) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            address: listener.local_addr().unwrap(),
            connections: Arc::default(),
            heard: Arc::default(),
        };
        let (connections, heard) = (receiver.connections.clone(), receiver.heard.clone());
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(connection, manner.clone(), heard.clone()));
            }
        });
        receiver
    }

    /// How often somebody has connected.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The requests, each with its head and body.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hooks", self.address)
    }
}

async fn serve(mut connection: TcpStream, manner: Manner, heard: Arc<Mutex<Vec<String>>>) {
    if matches!(manner, Manner::Greets) {
        let _ = connection.write_all(b"220 mail.example ESMTP\r\n").await;
    }
    while let Some(request) = read_request(&mut connection).await {
        heard.lock().unwrap().push(request);
        let start = "HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n";
        match &manner {
            Manner::Says(answer) => {
                if connection.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
            Manner::NeverEnds => {
                let mut sent = connection.write_all(start.as_bytes()).await;
                while sent.is_ok() {
                    sent = connection.write_all(&[b'x'; 4_096]).await;
                }
                return;
            }
            Manner::Stalls | Manner::StallsLate(_) => {
                if let Manner::StallsLate(after) = manner {
                    tokio::time::sleep(after).await;
                }
                let _ = connection.write_all(start.as_bytes()).await;
                std::future::pending::<()>().await;
            }
            Manner::Hangs => std::future::pending().await,
            Manner::HangsUp | Manner::Greets => return,
        }
    }
}

async fn read_request(connection: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |it| it.parse().unwrap()) {
                return Some(text);
            }
        }
        if connection.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// This machine is all that tests reach.
pub(crate) fn home() -> Reach {
    Reach {
        loopback: true,
        ..Reach::default()
    }
}

/// Sends `{}` to a URL, wherever it leads.
pub(crate) async fn send(sender: &impl WebhookSender, url: &str) -> SendReport {
    let parcel = SignedParcel {
        url: &WebhookUrl::restore(url).unwrap(),
        id: EventId::from_uuid(Uuid::from_u128(1)),
        at: "2026-11-20T12:00:00Z".parse().unwrap(),
        body: "{}",
        secrets: &[WebhookSecret::from_bytes([7; 32])],
    };
    sender.send(parcel).await
}
