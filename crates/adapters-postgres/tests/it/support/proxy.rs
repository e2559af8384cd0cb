//! Something between the adapter and the server that does not behave.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, UnixStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
        unix,
    },
};
use tokio_postgres::{Config, config::Host};

/// What the proxy does with what passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Passes everything on.
    Honest,
    /// Spells `BEGIN` so that the server refuses it, and passes everything else on.
    RefusesBegin,
    /// Passes `COMMIT` on, and cuts the connection instead of passing on the answer.
    CutsAtCommit,
    /// Passes statements on, and cuts the connection instead of passing on that one was carried out.
    CutsAtWrite,
    /// Passes everything on, and swallows all answers.
    SwallowsAnswers,
}

/// A proxy on a port of its own.
pub(crate) struct Proxy {
    manner: Arc<Mutex<Manner>>,
    pub(crate) url: String,
}

impl Proxy {
    /// A proxy in front of the database at this address.
    pub(crate) async fn before(url: &str) -> Self {
        let config: Config = url.parse().unwrap();
        let [Host::Unix(folder)] = config.get_hosts() else {
            unreachable!("the server listens on a socket")
        };
        let socket = folder.join(format!(".s.PGSQL.{}", config.get_ports()[0]));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let proxy = Self {
            manner: Arc::new(Mutex::new(Manner::Honest)),
            url: format!(
                "postgresql://postgres@{address}/{}",
                config.get_dbname().unwrap()
            ),
        };
        let manner = proxy.manner.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&socket).await.unwrap();
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(ask(from_client, to_server, manner.clone()));
                tokio::spawn(answer(from_server, to_client, manner.clone()));
            }
        });
        proxy
    }

    pub(crate) fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }
}

fn is(current: &Mutex<Manner>, manner: Manner) -> bool {
    *current.lock().unwrap() == manner
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|part| part == word)
}

async fn ask(mut from: OwnedReadHalf, mut to: unix::OwnedWriteHalf, manner: Arc<Mutex<Manner>>) {
    let mut bytes = vec![0; 65_536];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let passed = &mut bytes[..count];
        let begin = find(passed, b"BEGIN").filter(|_| is(&manner, Manner::RefusesBegin));
        if let Some(begin) = begin {
            passed[begin..begin + 5].copy_from_slice(b"BEGUN");
        }
        if to.write_all(passed).await.is_err() {
            return;
        }
    }
}

async fn answer(mut from: unix::OwnedReadHalf, mut to: OwnedWriteHalf, manner: Arc<Mutex<Manner>>) {
    let mut bytes = vec![0; 65_536];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let passed = &bytes[..count];
        let cuts_commit = is(&manner, Manner::CutsAtCommit) && find(passed, b"COMMIT").is_some();
        let cuts_write = is(&manner, Manner::CutsAtWrite) && find(passed, b"SELECT 1\0").is_some();
        if cuts_commit || cuts_write {
            return;
        }
        if !is(&manner, Manner::SwallowsAnswers) && to.write_all(passed).await.is_err() {
            return;
        }
    }
}
