//! Receivers: one that answers at once, and one that takes everything and never answers.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Instant,
};

use anyhow::Context as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use uuid::Uuid;

use super::Happenings;
use crate::load::{Span, Tally};

const THANKS: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

/// Receivers on this machine. Dropping them closes their ports.
pub(crate) struct Receivers {
    living: SocketAddr,
    dead: SocketAddr,
    span: Arc<OnceLock<Span>>,
    tally: Arc<Mutex<Tally>>,
    tasks: [JoinHandle<()>; 2],
}

impl Receivers {
    /// Opens them.
    pub(crate) async fn open(happenings: &Happenings) -> anyhow::Result<Self> {
        let living = TcpListener::bind("127.0.0.1:0").await?;
        let dead = TcpListener::bind("127.0.0.1:0").await?;
        let tally = Arc::new(Mutex::new(Tally::new()?));
        let span: Arc<OnceLock<Span>> = Arc::default();
        let counting = Counting {
            happenings: happenings.clone(),
            span: Arc::clone(&span),
            tally: Arc::clone(&tally),
        };
        Ok(Self {
            living: living.local_addr()?,
            dead: dead.local_addr()?,
            span,
            tally,
            tasks: [
                tokio::spawn(live(living, counting)),
                tokio::spawn(play_dead(dead)),
            ],
        })
    }

    /// Counts from now on what arrives within the span.
    pub(crate) fn count(&self, span: Span) {
        self.span.get_or_init(|| span);
    }

    /// Where one that answers is.
    pub(crate) fn living(&self, number: usize) -> String {
        format!("http://{}/{number}", self.living)
    }

    /// Where one that does not is.
    pub(crate) fn dead(&self, number: usize) -> String {
        format!("http://{}/{number}", self.dead)
    }

    /// Of how many deliveries, and what the delay was that this share of them did not exceed, in milliseconds.
    pub(crate) fn delays(&self, share: f64) -> (u64, f64) {
        let tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        (tally.count(), tally.latency_ms_at(share))
    }
}

impl Drop for Receivers {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

#[derive(Clone)]
struct Counting {
    happenings: Happenings,
    span: Arc<OnceLock<Span>>,
    tally: Arc<Mutex<Tally>>,
}

async fn live(listener: TcpListener, counting: Counting) {
    while let Ok((connection, _)) = listener.accept().await {
        let counting = counting.clone();
        tokio::spawn(async move {
            // Whoever sends sees what was wrong.
            let _ended = answer(connection, &counting).await;
        });
    }
}

async fn answer(mut connection: TcpStream, counting: &Counting) -> anyhow::Result<()> {
    let mut bytes = Vec::with_capacity(2_048);
    while connection.read_buf(&mut bytes).await? > 0 {
        if let Some(id) = event_of(&bytes)? {
            bytes.clear();
            counting.count(id);
            connection.write_all(THANKS).await?;
        }
    }
    Ok(())
}

impl Counting {
    fn count(&self, id: Uuid) {
        let now = Instant::now();
        if let Some(happened) = self.happenings.take(id)
            && self.span.get().is_some_and(|it| it.is_measured(now))
        {
            let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
            tally.record(happened, now, 204);
        }
    }
}

/// The event that a request tells of, once it is there as a whole.
fn event_of(bytes: &[u8]) -> anyhow::Result<Option<Uuid>> {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = request.parse(bytes)? else {
        return Ok(None);
    };
    let header = |name: &str| {
        let found = request.headers.iter().find(|it| it.name == name);
        let found = found.with_context(|| format!("there is no {name}"))?;
        Ok::<_, anyhow::Error>(std::str::from_utf8(found.value)?)
    };
    let length: usize = header("content-length")?.parse()?;
    let is_whole = bytes.len() >= head + length;
    let id: Uuid = header("webhook-id")?.parse()?;
    Ok(is_whole.then_some(id))
}

async fn play_dead(listener: TcpListener) {
    while let Ok((mut connection, _)) = listener.accept().await {
        tokio::spawn(async move {
            let mut ignored = [0; 1_024];
            while connection.read(&mut ignored).await.is_ok_and(|it| it > 0) {}
        });
    }
}
