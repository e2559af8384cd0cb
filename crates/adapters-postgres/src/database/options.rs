//! Where the database is, and how patiently it is used.

use std::{path::PathBuf, time::Duration};

use tokio_postgres::{
    Config,
    config::{Host, SslMode, TargetSessionAttrs},
};

use super::{row_by_row, tls::Address};

/// How to reach and use a database.
#[derive(Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a choice by itself, and none is a state"
)]
pub struct DatabaseOptions {
    /// `postgres://user:password@host/name`, or a list of `key=value`. Of several hosts, the one is used that takes writes.
    pub url: String,
    /// A replica that lists are read from when it has everything that was committed before.
    pub replica_url: Option<String>,
    /// The same database past the pooler that `url` leads to, if it does: for what belongs to a session.
    pub direct_url: Option<String>,
    /// Whether that pooler keeps prepared statements, as `PgBouncer` does from 1.21 on if `max_prepared_statements` is set.
    pub pooler_prepares: bool,
    /// The most connections.
    pub pool_size_max: usize,
    /// How many connections are kept at hand.
    pub pool_idle_min: usize,
    /// How old a connection may get.
    pub lifetime_max: Duration,
    /// How long a connection may be unused.
    pub idle_max: Duration,
    /// How long to wait for a connection.
    pub acquire_timeout: Duration,
    /// How long opening one may take.
    pub connect_timeout: Duration,
    /// How long the server may work on a statement.
    pub statement_timeout: Duration,
    /// How long a statement may wait for a lock.
    pub lock_timeout: Duration,
    /// How long the service waits for an answer, whatever the server does.
    pub query_deadline: Duration,
    /// Whether threads that have a runtime each, as those that answer requests do, have connections of their own.
    pub is_divided: bool,
    /// Whether its statements write large sets of rows that are found by their keys, in the order of these.
    pub writes_sets: bool,
    /// Whether somebody writes there: of several hosts, only one that can is good enough then.
    pub takes_writes: bool,
}

impl DatabaseOptions {
    /// The defaults, for this database.
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            replica_url: None,
            direct_url: None,
            pooler_prepares: false,
            pool_size_max: 25,
            pool_idle_min: 5,
            lifetime_max: Duration::from_hours(1),
            idle_max: Duration::from_mins(30),
            acquire_timeout: Duration::from_secs(3),
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(2),
            query_deadline: Duration::from_secs(12),
            is_divided: true,
            writes_sets: false,
            takes_writes: true,
        }
    }

    /// What is set for each transaction on a session that is lent for it: a pooler passes on no settings at the start, and what
    /// is set later stays for the next one who gets the session.
    pub(super) fn limits_of_a_transaction(&self) -> String {
        format!(
            "SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {}; \
             SET LOCAL idle_in_transaction_session_timeout = {}; SET LOCAL jit = off",
            self.statement_timeout.as_millis(),
            self.lock_timeout.as_millis(),
            self.idle_in_transaction_max().as_millis(),
        )
    }

    fn idle_in_transaction_max(&self) -> Duration {
        self.query_deadline * 2
    }

    /// How the pool connects.
    pub(super) fn connection_config(&self) -> Result<Config, OpenError> {
        let mut config = self.patient_config()?;
        if self.direct_url.is_some() {
            return Ok(config);
        }
        let settings = format!(
            "{} {OF_EACH} -c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout={}",
            config.get_options().unwrap_or_default(),
            self.statement_timeout.as_millis(),
            self.lock_timeout.as_millis(),
            self.idle_in_transaction_max().as_millis(),
        );
        let settings = if self.writes_sets {
            format!("{settings} {}", row_by_row::options())
        } else {
            settings
        };
        config.options(settings.trim());
        Ok(config)
    }

    /// The same, without time limits for what is done there.
    pub(super) fn patient_config(&self) -> Result<Config, OpenError> {
        let address = Address::read(&self.url)?;
        let is_trust_asked_for = address.names_authorities();
        let mut config = address.config;
        config.application_name("tallystick");
        config.connect_timeout(self.connect_timeout);
        if self.takes_writes && config.get_hosts().len() > 1 {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        if config.get_ssl_mode() == SslMode::Prefer {
            config.ssl_mode(if is_trust_asked_for {
                SslMode::Require
            } else {
                default_ssl_mode(&config)
            });
        }
        Ok(config)
    }
}

/// Requests are short: compiling what one of them runs, as PostgreSQL does when it expects much work, takes longer than all
/// of that work.
const OF_EACH: &str = "-c default_transaction_isolation=read\\ committed -c jit=off";

/// Encrypted by default, but for a database on this machine: "try, and go on without" protects from nobody.
fn default_ssl_mode(config: &Config) -> SslMode {
    let is_here = |host: &Host| match host {
        Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
        Host::Unix(_) => true,
    };
    if config.get_hosts().iter().all(is_here) {
        SslMode::Disable
    } else {
        SslMode::Require
    }
}

/// Why a pool could not be made.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL does not read as one.
    #[error("the database URL is not valid")]
    Url(#[source] tokio_postgres::Error),
    /// A certificate would do that is for whatever host.
    #[error(
        "sslmode=verify-ca is not offered, since any certificate of the authority would do; say sslmode=verify-full"
    )]
    UncheckedName,
    /// Those that `sslrootcert` names cannot be trusted.
    #[error("the authorities of sslrootcert={} cannot be read: {reason}", file.display())]
    Authorities {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// What is found at one replica may not be at another yet.
    #[error("the URL of the replica names several hosts; name one, or a proxy that keeps to one")]
    SeveralReplicas,
    /// The certificates of this machine could not be read.
    #[error(
        "no trusted certificates were found on this machine; add sslmode=disable to the database URL to do without"
    )]
    Certificates,
    /// The pool's own settings do not fit together.
    #[error("the pool could not be made")]
    Pool(#[source] Box<dyn std::error::Error + Send + Sync>),
}
