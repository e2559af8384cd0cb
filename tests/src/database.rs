//! Databases for services.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use embedded_postgres::{
    Binaries, Cluster, CopyRole, SearchHints,
    testing::{Pooler, TestServer},
};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls, types::ToSql};

use crate::binary;

static SERVER: OnceCell<TestServer> = OnceCell::const_new();
static POOLER: OnceCell<Pooler> = OnceCell::const_new();

/// How many sessions the pooler of all tests has for each database.
const SESSIONS_MAX: usize = 50;

fn hints() -> SearchHints {
    SearchHints {
        folder: binary::variable("TALLYSTICK_PG_BIN").map(Into::into),
        path: binary::variable("PATH"),
        data_dir: None,
    }
}

/// A database of its own.
#[derive(Debug, Clone)]
pub struct Database {
    url: String,
    /// The address by way of a pooler that services reach it by.
    pooled_url: Option<String>,
}

impl Database {
    /// An empty one, on a server that all tests of this test binary share.
    ///
    /// Services are behind a pooler if `cargo xtask test --through pgbouncer` says so.
    pub async fn fresh() -> Self {
        let server = server().await;
        let database = server.fresh_database(None).await;
        let database = Self::at(database.expect("a database can be made"));
        let through = binary::variable("TALLYSTICK_TEST_THROUGH");
        if through.is_some_and(|through| through == "pgbouncer") {
            let pooler = POOLER.get_or_init(async || {
                let started = Pooler::before(server.cluster(), SESSIONS_MAX).await;
                started.expect("a private PgBouncer starts")
            });
            return database.behind(pooler.await);
        }
        database
    }

    fn at(url: String) -> Self {
        Self {
            url,
            pooled_url: None,
        }
    }

    /// The same, which services reach by way of a pooler.
    #[must_use]
    pub fn behind(self, pooler: &Pooler) -> Self {
        Self {
            pooled_url: Some(pooler.address_of(&self.url)),
            ..self
        }
    }

    /// What a service is to be set to, to reach it.
    pub(crate) fn addresses(&self) -> BTreeMap<String, String> {
        let set = |name: &str, url: &str| (format!("TALLYSTICK_DATABASE__{name}"), url.to_owned());
        match &self.pooled_url {
            None => [set("URL", &self.url)].into(),
            Some(pooled) => [set("URL", pooled), set("DIRECT_URL", &self.url)].into(),
        }
    }

    /// That of a cluster.
    pub fn of(cluster: &Cluster) -> Self {
        Self::at(cluster.connection_url())
    }

    /// That of whichever of several clusters takes writes.
    pub fn of_whichever_writes(clusters: [&Cluster; 2]) -> Self {
        let [first, second] = clusters.map(Self::of);
        let places = format!("{},{}", first.place(), second.place());
        let url = first.url.replace(first.place(), &places);
        Self::at(format!("{url}?target_session_attrs=read-write"))
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The socket that its server listens on.
    pub fn socket(&self) -> PathBuf {
        let (folder, port) = self
            .place()
            .split_once(':')
            .expect("an address with a port");
        PathBuf::from(folder.replace("%2F", "/")).join(format!(".s.PGSQL.{port}"))
    }

    /// The same by way of another socket of the same name, in this folder.
    #[must_use]
    pub fn by_way_of(&self, folder: &Path) -> Self {
        let (_, port) = self
            .place()
            .split_once(':')
            .expect("an address with a port");
        let place = format!("{}:{port}", folder.display()).replace('/', "%2F");
        Self::at(self.url.replace(self.place(), &place))
    }

    /// The folder of the socket, and the port.
    fn place(&self) -> &str {
        let (_, rest) = self.url.split_once('@').expect("an address with a user");
        rest.split_once('/').expect("an address with a database").0
    }

    /// A connection past the service, to look at what it has stored.
    pub async fn connect(&self) -> Client {
        let connected = tokio_postgres::connect(&self.url, NoTls).await;
        let (client, connection) = connected.expect("the database is up");
        tokio::spawn(async move {
            // Whoever uses the client gets the same error from it.
            drop(connection.await);
        });
        client
    }

    /// A single number that a statement finds.
    pub async fn count(&self, statement: &str, parameters: &[&(dyn ToSql + Sync)]) -> i64 {
        let row = self.connect().await.query_one(statement, parameters).await;
        row.expect("the statement fits the schema").get(0)
    }
}

async fn server() -> &'static TestServer {
    let start = async || {
        let started = TestServer::start(&hints(), Vec::new()).await;
        started.expect("a private PostgreSQL starts")
    };
    SERVER.get_or_init(start).await
}

/// A pooler of its own, with so many sessions for each database that [`Database::fresh`] makes.
pub async fn private_pooler(sessions_max: usize) -> Pooler {
    let started = Pooler::before(server().await.cluster(), sessions_max).await;
    started.expect("PgBouncer is installed")
}

/// Such a cluster that keeps each finished piece of its log in a folder.
pub async fn archiving_cluster(archive: &Path) -> Cluster {
    let keep = format!("cp %p {}/%f", archive.display());
    let settings = [("archive_mode", "on"), ("archive_command", &keep)];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let cluster = Cluster::temporary(installed_binaries(), settings.into()).await;
    cluster.expect("a private PostgreSQL starts")
}

/// A cluster that follows this one.
pub async fn standby_of(primary: &Cluster) -> Cluster {
    let copy = primary.copy(CopyRole::Standby).await;
    let started = copy.expect("a running cluster can be copied").start().await;
    started.expect("the copy starts")
}

/// PostgreSQL's programs.
pub fn installed_binaries() -> Binaries {
    Binaries::find(&hints()).expect("PostgreSQL is installed")
}

/// A durable cluster of its own, for tests that stop it.
pub async fn private_cluster() -> Cluster {
    let cluster = Cluster::temporary(installed_binaries(), Vec::new()).await;
    cluster.expect("a private PostgreSQL starts")
}
