//! Where the database is, and how patiently it is used.

use std::time::Duration;

use tokio_postgres::{Config, config::Host, config::SslMode};

/// How to reach and use a database.
#[derive(Clone)]
pub struct DatabaseOptions {
    /// `postgres://user:password@host/name`, or a list of `key=value`.
    pub url: String,
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
    /// Whether its statements write large sets of rows that are found by their keys, in the order of these.
    pub writes_sets: bool,
}

impl DatabaseOptions {
    /// The defaults, for this database.
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            pool_size_max: 25,
            pool_idle_min: 5,
            lifetime_max: Duration::from_hours(1),
            idle_max: Duration::from_mins(30),
            acquire_timeout: Duration::from_secs(3),
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(2),
            query_deadline: Duration::from_secs(12),
            writes_sets: false,
        }
    }

    /// How the pool connects.
    pub(super) fn connection_config(&self) -> Result<Config, OpenError> {
        let mut config = self.patient_config()?;
        let idle_in_transaction = self.query_deadline * 2;
        let settings = format!(
            "{} {OF_EACH} -c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout={}",
            config.get_options().unwrap_or_default(),
            self.statement_timeout.as_millis(),
            self.lock_timeout.as_millis(),
            idle_in_transaction.as_millis(),
        );
        let settings = if self.writes_sets {
            format!("{settings} {ROW_BY_ROW}")
        } else {
            settings
        };
        config.options(settings.trim());
        Ok(config)
    }

    /// The same, without time limits for what is done there.
    pub(super) fn patient_config(&self) -> Result<Config, OpenError> {
        let mut config: Config = self.url.parse().map_err(OpenError::Url)?;
        config.application_name("tallystick");
        config.connect_timeout(self.connect_timeout);
        if config.get_ssl_mode() == SslMode::Prefer {
            config.ssl_mode(default_ssl_mode(&config));
        }
        Ok(config)
    }
}

/// Requests are short: compiling what one of them runs, as PostgreSQL does when it expects much work, takes longer than all
/// of that work.
const OF_EACH: &str = "-c default_transaction_isolation=read\\ committed -c jit=off";

/// Rows are looked up by their keys one after the other, in the order in which they are given: never by a scan, and planned
/// once. Otherwise two that update the same rows could lock them in different orders, and wait for each other.
const ROW_BY_ROW: &str = "-c plan_cache_mode=force_generic_plan -c enable_hashjoin=off -c enable_mergejoin=off \
    -c enable_seqscan=off -c enable_bitmapscan=off";

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
    /// The certificates of this machine could not be read.
    #[error(
        "no trusted certificates were found on this machine; add sslmode=disable to the database URL to do without"
    )]
    Certificates,
    /// The pool's own settings do not fit together.
    #[error("the pool could not be made")]
    Pool(#[source] Box<dyn std::error::Error + Send + Sync>),
}
