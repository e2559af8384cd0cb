//! The pool of the yardsticks.

use actix_web::error::ErrorInternalServerError;
use anyhow::Context as _;
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use tokio_postgres::{Config, NoTls, Statement};
use uuid::Uuid;

/// As many as the service has by default.
const CONNECTIONS_MAX: usize = 25;

/// The invoices of one organization.
#[derive(Clone)]
pub(super) struct Store {
    pool: Pool,
    /// Whose they are.
    pub(super) organization: Uuid,
}

impl Store {
    pub(super) fn open(url: &str, organization: Uuid) -> anyhow::Result<Self> {
        let config: Config = url.parse().context("the database URL is not valid")?;
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = Manager::from_config(config, NoTls, recycling);
        let pool = Pool::builder(manager).max_size(CONNECTIONS_MAX).build()?;
        Ok(Self { pool, organization })
    }

    /// A connection, and the statement prepared on it.
    pub(super) async fn prepared(
        &self,
        sql: &str,
    ) -> Result<(Object, Statement), actix_web::Error> {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place of the yardsticks that takes connections"
        )]
        let client = self.pool.get().await.map_err(ErrorInternalServerError)?;
        let statement = client.prepare_cached(sql).await;
        Ok((client, statement.map_err(ErrorInternalServerError)?))
    }
}
