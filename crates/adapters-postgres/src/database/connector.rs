//! Connecting: to the host that takes writes, and without believing answers that nobody stands behind.

use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use deadpool_postgres::Connect;
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;
use tokio_postgres::{
    AsyncMessage, Client, Config, Connection, Error, Socket,
    error::DbError,
    tls::{MakeTlsConnect, TlsConnect},
};

use super::hosts;

/// Connects to one host after the other until one is what is wanted, beginning with the one that was so the last time.
pub(super) struct Connector<T> {
    tls: T,
    hosts: Arc<[Config]>,
    /// How long a host may take while there is another one to try.
    patience: Duration,
    last: Arc<AtomicUsize>,
}

impl<T> Connector<T> {
    /// To the hosts of a configuration, within `limit` for all of them.
    pub(super) fn new(config: &Config, tls: T, limit: Duration) -> Self {
        let hosts = hosts::each(config);
        let patience = limit / u32::try_from(hosts.len().max(1)).unwrap_or(u32::MAX);
        Self {
            tls,
            hosts: hosts.into(),
            patience,
            last: Arc::default(),
        }
    }
}

impl<T> Connect for Connector<T>
where
    T: MakeTlsConnect<Socket> + Clone + Sync + Send + 'static,
    T::Stream: Sync + Send,
    T::TlsConnect: Sync + Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    fn connect(
        &self,
        pool_config: &Config,
    ) -> BoxFuture<'_, Result<(Client, JoinHandle<()>), Error>> {
        let (tls, hosts) = (self.tls.clone(), Arc::clone(&self.hosts));
        let (patience, last) = (self.patience, Arc::clone(&self.last));
        let pool_config = pool_config.clone();
        Box::pin(async move {
            let first = last.load(Ordering::Relaxed);
            let numbered = || hosts.iter().enumerate();
            let in_turn = numbered().skip(first).chain(numbered().take(first));
            for (place, host) in in_turn.take(hosts.len().saturating_sub(1)) {
                // A host may refuse, be unable to write, or say nothing at all, as one that hangs does.
                let connecting = host.connect(tls.clone());
                if let Ok(Ok(connected)) = tokio::time::timeout(patience, connecting).await {
                    last.store(place, Ordering::Relaxed);
                    return Ok(driven(connected));
                }
            }
            // The one that is left has as long as the pool waits; with no host at all, the driver says so.
            let place = first
                .checked_sub(1)
                .unwrap_or(hosts.len().saturating_sub(1));
            let connected = hosts
                .get(place)
                .unwrap_or(&pool_config)
                .connect(tls)
                .await?;
            last.store(place, Ordering::Relaxed);
            Ok(driven(connected))
        })
    }
}

fn driven<S>((client, connection): (Client, Connection<Socket, S>)) -> (Client, JoinHandle<()>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    (client, tokio::spawn(drive(connection)))
}

/// Carries what is asked and answered, until the client has gone, or the connection is of no use.
async fn drive<S>(mut connection: Connection<Socket, S>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
        match message {
            Ok(AsyncMessage::Notice(notice)) if is_unreplicated(&notice) => {
                tracing::warn!(
                    "a commit was not confirmed by the standby in time: whether it lasts is not known"
                );
                // The answer that follows says that it was committed. Without a connection, nobody hears that.
                return;
            }
            Ok(AsyncMessage::Notice(notice)) => {
                tracing::debug!(notice = notice.message(), "PostgreSQL remarks");
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection to PostgreSQL has ended");
                return;
            }
        }
    }
}

/// Whether the server stopped waiting for its synchronous standby, and is about to answer all the same. The place in its
/// source is the one thing in the notice that no language changes.
fn is_unreplicated(notice: &DbError) -> bool {
    notice.routine() == Some("SyncRepWaitForLSN")
}
