//! One throw-away `PostgreSQL` for all tests of a binary, with a database of its own for each test.
//!
//! ```no_run
//! use embedded_postgres::{SearchHints, testing::TestServer};
//! use tokio::sync::OnceCell;
//!
//! static SERVER: OnceCell<TestServer> = OnceCell::const_new();
//!
//! # async fn a_test() -> Result<(), Box<dyn std::error::Error>> {
//! let hints = SearchHints::default();
//! let server = SERVER
//!     .get_or_try_init(|| TestServer::start(&hints, Vec::new()))
//!     .await?;
//! let url = server.fresh_database(None).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Statics are never dropped, but the server ends all the same when the process does.

mod over_tcp;
mod pooler;
mod watchdog;

use std::{
    collections::HashSet,
    error::Error,
    sync::atomic::{AtomicU64, Ordering},
};

use tokio::sync::Mutex;

pub use self::{over_tcp::cluster_over_tcp, pooler::Pooler, watchdog::Watchdog};
use crate::{
    binaries::{Binaries, NotFound, SearchHints},
    cluster::Cluster,
    database::{execute, identifier},
    error::StartError,
};

/// What makes tests quick: nothing survives a crash of the machine, and nothing has to.
const QUICK: &[(&str, &str)] = &[
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("synchronous_commit", "off"),
    ("max_connections", "500"),
];

/// A temporary cluster that tests share. Made to be kept in a static.
#[derive(Debug)]
pub struct TestServer {
    cluster: Cluster,
    databases: AtomicU64,
    templates: Mutex<HashSet<String>>,
}

/// Why there is no test server or no database on it.
#[derive(Debug, thiserror::Error)]
pub enum TestServerError {
    /// `PostgreSQL` is not installed.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// The cluster did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The pooler did not start.
    #[error("PgBouncer does not start; install it, or read what it says:\n{log}")]
    Pooler {
        /// What it has said.
        log: String,
    },
    /// A statement failed.
    #[error("cannot prepare a database for a test")]
    Database(#[from] tokio_postgres::Error),
    /// The caller's preparation of a template failed.
    #[error("cannot prepare the template `{name}`")]
    Template {
        /// The template.
        name: String,
        /// What the preparation said.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl TestServer {
    /// Starts a temporary cluster with settings that make tests quick (`fsync=off` and the like);
    /// the caller's settings win over these.
    pub async fn start(
        hints: &SearchHints,
        settings: Vec<(String, String)>,
    ) -> Result<Self, TestServerError> {
        let binaries = Binaries::find(hints)?;
        let quick = QUICK
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let cluster = Cluster::temporary(binaries, quick.chain(settings).collect()).await?;
        Ok(Self {
            cluster,
            databases: AtomicU64::new(1),
            templates: Mutex::new(HashSet::new()),
        })
    }

    /// The cluster behind it.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Makes an empty database, or a copy of the template, and gives its address.
    pub async fn fresh_database(&self, template: Option<&str>) -> Result<String, TestServerError> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        self.create(&name, template.unwrap_or("template1")).await?;
        Ok(self.cluster.connection_url_of(&name))
    }

    /// Makes the template on the first call with this name, by letting `prepare` (migrations, say)
    /// work on an empty database whose address it gets. Later calls, and those that come meanwhile,
    /// find it done. `prepare` must have closed its connections when it returns.
    pub async fn ensure_template<F, Fut, E>(
        &self,
        name: &str,
        prepare: F,
    ) -> Result<(), TestServerError>
    where
        F: FnOnce(String) -> Fut,
        Fut: Future<Output = Result<(), E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let mut templates = self.templates.lock().await;
        if templates.contains(name) {
            return Ok(());
        }
        self.create(name, "template1").await?;
        let prepared = prepare(self.cluster.connection_url_of(name)).await;
        if let Err(source) = prepared {
            self.drop_database(name).await?;
            return Err(TestServerError::Template {
                name: name.to_owned(),
                source: source.into(),
            });
        }
        templates.insert(name.to_owned());
        Ok(())
    }

    /// Removes a database, and cuts the connections to it. Needed only by tests that make very many.
    pub async fn drop_database(&self, name: &str) -> Result<(), TestServerError> {
        self.maintain(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            identifier(name)
        ))
        .await
    }

    async fn create(&self, name: &str, template: &str) -> Result<(), TestServerError> {
        let (name, template) = (identifier(name), identifier(template));
        self.maintain(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
            .await
    }

    async fn maintain(&self, statement: &str) -> Result<(), TestServerError> {
        Ok(execute(&self.cluster.config_of("postgres"), statement).await?)
    }
}
