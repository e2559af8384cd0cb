//! A private PostgreSQL for transfers: ledgers in some databases, TPC-B in others.

use std::path::Path;

use embedded_postgres::{Binaries, Cluster};
use tokio_postgres::Client;

use super::{Branch, BranchSize, Tenant, connect, tuning};
use crate::{
    service::Program,
    tpcb::{self, Place, Tpcb},
};

/// The database that every branch begins as a copy of.
const TEMPLATE: &str = "tallystick";

/// A private, durable PostgreSQL for ledgers.
pub(crate) struct Bank {
    cluster: Cluster,
    /// The organization that all branches belong to.
    pub(crate) tenant: Tenant,
    client: Client,
}

impl Bank {
    /// Founds one without branches.
    pub(crate) async fn found(program: &Program, binaries: Binaries) -> anyhow::Result<Self> {
        let cluster = Cluster::temporary(binaries, tuning::settings()).await?;
        let tenant = Tenant::found(program, &cluster.connection_url_of(TEMPLATE))?;
        let client = connect(&cluster.connection_url_of("postgres")).await?;
        Ok(Self {
            cluster,
            tenant,
            client,
        })
    }

    /// Opens a branch: a ledger in a database of its own.
    pub(crate) async fn open_branch(&self, name: &str, size: BranchSize) -> anyhow::Result<Branch> {
        self.create_database(name, Some(TEMPLATE)).await?;
        let url = self.cluster.connection_url_of(name);
        Branch::open(url, self.tenant.organization, size).await
    }

    /// Closes a branch and throws its ledger away.
    pub(crate) async fn close_branch(&self, name: &str, branch: Branch) -> anyhow::Result<()> {
        drop(branch);
        self.discard(name).await
    }

    /// A database with the schema, the organization and its key, and nothing else. Tells its address.
    pub(crate) async fn copy(&self, name: &str) -> anyhow::Result<String> {
        self.create_database(name, Some(TEMPLATE)).await?;
        Ok(self.cluster.connection_url_of(name))
    }

    /// Throws a database away, whoever uses it.
    pub(crate) async fn discard(&self, name: &str) -> anyhow::Result<()> {
        let drop = format!("DROP DATABASE \"{name}\" WITH (FORCE)");
        Ok(self.client.batch_execute(&drop).await?)
    }

    /// Sees that the tables of TPC-B are there, which takes a while the first time.
    pub(crate) async fn prepare_tpcb(&self, scale: u32) -> anyhow::Result<()> {
        let name = tpcb_database(scale);
        let sql = "SELECT 1 FROM pg_database WHERE datname = $1";
        if self.client.query_opt(sql, &[&name]).await?.is_some() {
            return Ok(());
        }
        eprintln!("  initialising TPC-B at scale {scale}");
        self.create_database(&name, None).await?;
        let url = self.cluster.connection_url_of(&name);
        tpcb::initialise(self.cluster.binaries(), &url, scale).await
    }

    /// Where TPC-B of a scale is run.
    pub(crate) async fn run_tpcb(
        &self,
        scale: u32,
        tpcb: Tpcb,
        folder: &Path,
    ) -> anyhow::Result<crate::load::Report> {
        let url = self.cluster.connection_url_of(&tpcb_database(scale));
        let place = Place {
            binaries: self.cluster.binaries(),
            url: &url,
            folder,
            postmaster_pid: self.postmaster_pid(),
        };
        tpcb.run(place).await
    }

    /// The process id of the postmaster.
    pub(crate) fn postmaster_pid(&self) -> u32 {
        self.cluster.postmaster_pid()
    }

    /// Writes what is waiting to be written, so that it is not written during the next measurement.
    pub(crate) async fn settle(&self) -> anyhow::Result<()> {
        Ok(self.client.batch_execute("CHECKPOINT").await?)
    }

    /// Ends it.
    pub(crate) async fn close(self) -> anyhow::Result<()> {
        drop(self.client);
        Ok(self.cluster.stop().await?)
    }

    async fn create_database(&self, name: &str, template: Option<&str>) -> anyhow::Result<()> {
        let template = template.map(|name| format!(" TEMPLATE \"{name}\""));
        let create = format!("CREATE DATABASE \"{name}\"{}", template.unwrap_or_default());
        Ok(self.client.batch_execute(&create).await?)
    }
}

fn tpcb_database(scale: u32) -> String {
    format!("tpcb_{scale}")
}
