//! Where Redis is, and how patient one is with it.

use std::{fmt, path::PathBuf, time::Duration};

/// How Redis is used.
#[derive(Clone)]
pub struct RedisOptions {
    /// `redis://`, `rediss://` (TLS by rustls: a crypto provider MUST be installed in the process), or `redis+unix://`.
    pub url: String,
    /// The certificates, in PEM, of the authorities that are trusted by `rediss://`; the system's if there is no such file.
    pub authorities: Option<PathBuf>,
    /// What every key starts with, so that several deployments can share one Redis.
    pub namespace: String,
    /// The most connections. Fewer are opened when fewer are needed.
    pub connections_max: usize,
    /// How long a caller waits for an answer, connecting included.
    pub command_deadline: Duration,
    /// How long a connection may take that nobody waits for.
    pub connect_deadline: Duration,
    /// How long Redis is left alone after a failure, before it is tried again in the background.
    pub cool_down: Duration,
}

impl RedisOptions {
    /// The defaults: namespace `tallystick`, 20 connections, 250 ms for an answer, 1 s for a connection, 250 ms of
    /// cooling down.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            authorities: None,
            namespace: "tallystick".to_owned(),
            connections_max: 20,
            command_deadline: Duration::from_millis(250),
            connect_deadline: Duration::from_secs(1),
            cool_down: Duration::from_millis(250),
        }
    }
}

impl fmt::Debug for RedisOptions {
    /// The address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisOptions")
            .field("url", &"…")
            .field("authorities", &self.authorities)
            .field("namespace", &self.namespace)
            .field("connections_max", &self.connections_max)
            .field("command_deadline", &self.command_deadline)
            .field("connect_deadline", &self.connect_deadline)
            .field("cool_down", &self.cool_down)
            .finish()
    }
}
