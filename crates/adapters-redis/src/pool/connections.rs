//! Open connections, each shared by as many callers as there are.
//!
//! Not a pool that lends a connection to one caller at a time (deadpool-redis): that one asks Redis for a sign of life
//! before each loan, which doubles the round trips, and makes callers wait when there are more of them than connections.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use redis::{
    AsyncConnectionConfig, Client, FromRedisValue, RedisResult, aio::MultiplexedConnection,
};
use tokio::{sync::Mutex as AsyncMutex, time::timeout};

use super::{
    failure::{InvalidRedisUrl, RedisFailure, is_lost},
    request::Request,
};
use crate::{address::client_of, options::RedisOptions};

pub(super) struct Connections {
    client: Client,
    max: usize,
    connect_deadline: Duration,
    open: Mutex<Vec<Arc<Open>>>,
    /// Held while one is being opened: one at a time.
    opening: Arc<AsyncMutex<()>>,
}

struct Open {
    connection: MultiplexedConnection,
    callers: AtomicUsize,
}

/// A caller's share of a connection.
struct Share {
    of: Arc<Open>,
}

impl Share {
    fn of(open: &Arc<Open>) -> Self {
        open.callers.fetch_add(1, Ordering::Relaxed);
        Self {
            of: Arc::clone(open),
        }
    }

    async fn ask<T: FromRedisValue>(&self, request: Request<'_>) -> RedisResult<T> {
        request.ask(&mut self.of.connection.clone()).await
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.of.callers.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Connections {
    pub(super) fn new(options: &RedisOptions) -> Result<Self, InvalidRedisUrl> {
        let client = client_of(&options.url, options.authorities.as_deref())?;
        Ok(Self {
            client,
            max: options.connections_max.max(1),
            connect_deadline: options.connect_deadline,
            open: Mutex::default(),
            opening: Arc::default(),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.open().len()
    }

    pub(super) fn close_all(&self) {
        self.open().clear();
    }

    /// One round trip, or two when the connection turns out to have ended while nobody used it.
    pub(super) async fn ask<T: FromRedisValue>(
        self: &Arc<Self>,
        request: Request<'_>,
    ) -> Result<T, RedisFailure> {
        if let Some(share) = self.share() {
            match share.ask(request).await {
                Err(error) if is_lost(&error) => self.drop_with(&share),
                answered => return answered.map_err(RedisFailure::from),
            }
        }
        let share = self.share_or_open().await?;
        share.ask(request).await.map_err(RedisFailure::from)
    }

    /// Opens a connection that answers. It is given up after its deadline.
    pub(super) async fn open_one(&self) -> Result<(), RedisFailure> {
        let deadline = self.connect_deadline;
        let opening = async {
            let _turn = self.opening.lock().await;
            let share = self.connect().await?;
            let ping = redis::cmd("PING");
            share
                .ask(Request::Command(&ping))
                .await
                .map_err(RedisFailure::from)
        };
        let failure = match timeout(deadline, opening).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(failure)) => failure,
            Err(_elapsed) => RedisFailure::TimedOut { deadline },
        };
        self.close_all();
        Err(failure)
    }

    /// A connection that has ended is a sign that those beside it have, too.
    fn drop_with(&self, lost: &Share) {
        let mut open = self.open();
        if open.iter().any(|it| Arc::ptr_eq(it, &lost.of)) {
            open.clear();
        }
    }

    /// A share of the connection with the fewest callers, of the first with none. When all are busy and there may be more,
    /// one more is opened for those who come later.
    fn share(self: &Arc<Self>) -> Option<Share> {
        let open = self.open();
        let callers = |it: &&Arc<Open>| it.callers.load(Ordering::Relaxed);
        let least = open.iter().min_by_key(callers)?;
        if callers(&least) > 0 && open.len() < self.max {
            self.open_one_more();
        }
        Some(Share::of(least))
    }

    async fn share_or_open(self: &Arc<Self>) -> Result<Share, RedisFailure> {
        let _turn = self.opening.lock().await;
        match self.share() {
            Some(share) => Ok(share),
            None => self.connect().await,
        }
    }

    fn open_one_more(self: &Arc<Self>) {
        let Ok(turn) = Arc::clone(&self.opening).try_lock_owned() else {
            return;
        };
        let connections = Arc::clone(self);
        tokio::spawn(async move {
            let opened = timeout(connections.connect_deadline, connections.connect()).await;
            if !matches!(opened, Ok(Ok(_))) {
                tracing::debug!("one more connection to Redis could not be opened");
            }
            drop(turn);
        });
    }

    /// Opens a connection. Deadlines are the callers' own.
    async fn connect(&self) -> Result<Share, RedisFailure> {
        let patient = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None);
        let client = &self.client;
        let connection = client.get_multiplexed_async_connection_with_config(&patient);
        let open = Arc::new(Open {
            connection: connection.await.map_err(RedisFailure::to_connect)?,
            callers: AtomicUsize::new(0),
        });
        let share = Share::of(&open);
        self.open().push(open);
        Ok(share)
    }

    fn open(&self) -> MutexGuard<'_, Vec<Arc<Open>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
