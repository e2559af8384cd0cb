//! PostgreSQL over TCP, with TLS.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
};

use embedded_postgres::{Cluster, TcpAccess, testing::cluster_over_tcp};
use tokio_postgres::NoTls;

use crate::{
    authority::Certified, database::installed_binaries, service::free_port, wait::eventually,
};

const PASSWORD: &str = "open-sesame";

/// A cluster that is reached over TCP.
#[derive(Debug)]
pub struct RemoteCluster {
    /// The cluster.
    pub cluster: Cluster,
    port: u16,
}

impl RemoteCluster {
    /// One that speaks plain text only.
    pub async fn plain() -> Self {
        let port = free_port();
        let tcp = TcpAccess {
            port,
            password: PASSWORD.to_owned(),
        };
        let started = cluster_over_tcp(installed_binaries(), tcp).await;
        Self {
            cluster: started.expect("a private PostgreSQL starts"),
            port,
        }
    }

    /// One that shows this certificate.
    pub async fn encrypted(shown: &Certified) -> Self {
        let remote = Self::plain().await;
        let folder = remote.cluster.files();
        let owner = fs::metadata(&folder).expect("its folder is there");
        for file in shown.write_to(&folder, "server") {
            // PostgreSQL wants to be alone with its key.
            fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("it is ours");
            chown(&file, Some(owner.uid()), Some(owner.gid())).expect("it is ours to give");
        }
        remote.ask("ALTER SYSTEM SET ssl = on").await;
        remote.ask("SELECT pg_reload_conf()").await;
        eventually("PostgreSQL offers TLS", async || {
            (remote.ask("SHOW ssl").await == "on").then_some(())
        })
        .await;
        remote
    }

    /// Its address by way of TCP, with parameters such as `sslmode=verify-full`.
    pub fn url(&self, host: &str, parameters: &str) -> String {
        let port = self.port;
        format!("postgresql://postgres:{PASSWORD}@{host}:{port}/tallystick?{parameters}")
    }

    async fn ask(&self, statement: &str) -> String {
        let connected = self.cluster.config().connect(NoTls).await;
        let (client, connection) = connected.expect("the database is up");
        let running = tokio::spawn(connection);
        let answers = client.simple_query(statement).await;
        let answers = answers.expect("the statement is right");
        let told = answers.iter().find_map(|answer| match answer {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        running.abort();
        told.unwrap_or_default()
    }
}
