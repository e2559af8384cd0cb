//! A server on a free port of this machine that answers as a function says.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::form_urlencoded;

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without the query.
    pub(crate) path: String,
    pub(crate) query: HashMap<String, String>,
    /// Names in lower case.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The fields of a form.
    pub(crate) fn form(&self) -> HashMap<String, String> {
        pairs(&self.body)
    }
}

/// What a server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// Answers with a status and a body of JSON.
    Says(u16, String),
    /// Answers with a redirect to another address.
    Redirects(String),
    /// Answers with a body that does not end.
    NeverEnds,
    /// Says nothing for ever.
    Hangs,
    /// Hangs up.
    HangsUp,
}

type Handler = dyn Fn(&Request) -> Answer + Send + Sync;

/// A server. It ends with the test.
pub(crate) struct HttpServer {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<Request>>>,
}

impl HttpServer {
    pub(crate) async fn start(
        handler: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            heard: Arc::default(),
        };
        let (heard, handler): (_, Arc<Handler>) = (server.heard.clone(), Arc::new(handler));
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, handler.clone(), heard.clone()));
            }
        });
        server
    }

    /// What was asked so far.
    pub(crate) fn heard(&self) -> Vec<Request> {
        self.heard.lock().unwrap().clone()
    }

    /// The same in short: `POST /v1/refunds`.
    pub(crate) fn lines(&self) -> Vec<String> {
        let heard = self.heard();
        heard
            .iter()
            .map(|it| format!("{} {}", it.method, it.path))
            .collect()
    }
}

/// An address where nobody listens.
pub(crate) async fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn serve(mut connection: TcpStream, handler: Arc<Handler>, heard: Arc<Mutex<Vec<Request>>>) {
    while let Some(request) = read_request(&mut connection).await {
        let answer = handler(&request);
        heard.lock().unwrap().push(request);
        let bytes = match answer {
            Answer::Says(status, body) => {
                let length = body.len();
                format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
                )
            }
            Answer::Redirects(to) => {
                format!("HTTP/1.1 302 X\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
            }
            Answer::NeverEnds => {
                let mut sent = connection
                    .write_all(b"HTTP/1.1 200 X\r\ncontent-length: 1000000000\r\n\r\n")
                    .await;
                while sent.is_ok() {
                    sent = connection.write_all(&[b' '; 8_192]).await;
                }
                return;
            }
            Answer::Hangs => std::future::pending().await,
            Answer::HangsUp => return,
        };
        if connection.write_all(bytes.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read_request(connection: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let headers = headers(head);
            let length = headers.get("content-length");
            if body.len() >= length.map_or(0, |it| it.parse().unwrap()) {
                return Some(request(head, headers, body));
            }
        }
        if connection.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn headers(head: &str) -> HashMap<String, String> {
    let lines = head.lines().skip(1).filter_map(|it| it.split_once(": "));
    lines
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect()
}

fn request(head: &str, headers: HashMap<String, String>, body: &str) -> Request {
    let mut words = head.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: pairs(query),
        headers,
        body: body.to_owned(),
    }
}

fn pairs(encoded: &str) -> HashMap<String, String> {
    form_urlencoded::parse(encoded.as_bytes())
        .into_owned()
        .collect()
}
