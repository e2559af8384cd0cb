//! Being asked to end: once politely, twice at once.

use std::{
    io,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// What the outside wants of this process.
#[derive(Debug, Clone)]
pub(crate) struct Requests {
    end: CancellationToken,
    end_at_once: CancellationToken,
    /// When the first came.
    asked_at: Arc<OnceLock<Instant>>,
}

impl Requests {
    /// Listens from now on to SIGTERM, SIGINT (Ctrl-C), and SIGHUP (the terminal is closed).
    pub(crate) fn of_process() -> io::Result<Self> {
        let mut signals = Signals::listen()?;
        let requests = Self {
            end: CancellationToken::new(),
            end_at_once: CancellationToken::new(),
            asked_at: Arc::default(),
        };
        let heard = requests.clone();
        tokio::spawn(async move {
            signals.next().await;
            tracing::info!("asked to end; a second signal ends at once");
            let _the_first = heard.asked_at.set(Instant::now());
            heard.end.cancel();
            signals.next().await;
            heard.end_at_once.cancel();
        });
        Ok(requests)
    }

    /// Waits for the first signal.
    pub(crate) async fn to_end(&self) {
        self.end.cancelled().await;
    }

    /// Waits for the second signal.
    pub(crate) async fn to_end_at_once(&self) {
        self.end_at_once.cancelled().await;
    }

    /// How much is left of a time that has begun with the first signal; all of it, if none has come.
    pub(crate) fn left_of(&self, time: Duration) -> Duration {
        let gone = self.asked_at.get().map(Instant::elapsed);
        time.saturating_sub(gone.unwrap_or_default())
    }

    /// Runs `work` until it is done (`Some`) or the first signal comes (`None`).
    pub(crate) async fn unless_to_end<F: Future>(&self, work: F) -> Option<F::Output> {
        self.end.run_until_cancelled(work).await
    }
}

/// Waits for some tasks, but not for ever. Tells whether they ended in time.
pub(crate) async fn within(limit: Duration, tasks: impl Future<Output = ()>) -> bool {
    tokio::time::timeout(limit, tasks).await.is_ok()
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}
