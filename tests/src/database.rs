//! Databases for services.

use std::path::{Path, PathBuf};

use embedded_postgres::{Binaries, Cluster, SearchHints, testing::TestServer};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls, types::ToSql};

use crate::binary;

static SERVER: OnceCell<TestServer> = OnceCell::const_new();

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
}

impl Database {
    /// An empty one, on a server that all tests of this test binary share.
    pub async fn fresh() -> Self {
        let server = SERVER.get_or_init(async || {
            let started = TestServer::start(&hints(), Vec::new()).await;
            started.expect("a private PostgreSQL starts")
        });
        let url = server
            .await
            .fresh_database(None)
            .await
            .expect("a database can be made");
        Self { url }
    }

    /// That of a cluster.
    pub fn of(cluster: &Cluster) -> Self {
        Self {
            url: cluster.connection_url(),
        }
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
        Self {
            url: self.url.replace(self.place(), &place),
        }
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

/// A durable cluster of its own, for tests that stop it.
pub async fn private_cluster() -> Cluster {
    let binaries = Binaries::find(&hints()).expect("PostgreSQL is installed");
    let cluster = Cluster::temporary(binaries, Vec::new()).await;
    cluster.expect("a private PostgreSQL starts")
}
