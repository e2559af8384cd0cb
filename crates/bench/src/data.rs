//! Databases: one with as many invoices as a busy organization has after some years, and some with ledgers.

mod bank;
mod branch;
mod deposits;
mod indexes;
mod invoices;
mod promises;
mod samples;
mod tenant;
mod tuning;

use anyhow::Context as _;
use embedded_postgres::{Binaries, Cluster};
use tokio_postgres::{Client, NoTls};

pub(crate) use self::{
    bank::Bank,
    branch::{Branch, BranchSize},
    samples::{Samples, all_ids},
    tenant::Tenant,
};
use self::{indexes::without_indexes, invoices::insert_invoices};
use crate::service::Program;

/// A private, durable PostgreSQL, migrated and filled.
pub(crate) struct Warehouse {
    cluster: Cluster,
    /// The organization that everything belongs to.
    pub(crate) tenant: Tenant,
    /// A connection past the service.
    pub(crate) client: Client,
}

impl Warehouse {
    /// Fills a new one.
    pub(crate) async fn fill(
        program: &Program,
        binaries: Binaries,
        invoices: i64,
    ) -> anyhow::Result<Self> {
        let cluster = Cluster::temporary(binaries, tuning::settings()).await?;
        let tenant = Tenant::found(program, &cluster.connection_url())?;
        let client = connect(&cluster.connection_url()).await?;
        without_indexes(&client, "invoices", async || {
            insert_invoices(&client, tenant.organization, invoices).await
        })
        .await?;
        client
            .batch_execute("VACUUM (ANALYZE) customers, invoices, invoice_clients, invoice_summary")
            .await?;
        Ok(Self {
            cluster,
            tenant,
            client,
        })
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        self.cluster.connection_url()
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
}

pub(crate) async fn connect(url: &str) -> anyhow::Result<Client> {
    let connected = tokio_postgres::connect(url, NoTls).await;
    let (client, connection) = connected.context("cannot connect to the private PostgreSQL")?;
    // Whoever uses the client gets the same error from it.
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}
