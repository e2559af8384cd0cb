//! Connections past a pooler that lends sessions for a transaction, such as `PgBouncer`: for what belongs to a session.

use app::ports::StorageError;
use deadpool_postgres::{ClientWrapper, Connect as _, Object};
use tokio_postgres::NoTls;

use super::{Connector, Database, DatabaseOptions, tls};
use crate::error::unavailable;

impl DatabaseOptions {
    /// The same past any pooler.
    pub(super) fn direct(&self) -> Self {
        let direct = self.direct_url.clone();
        Self {
            url: direct.unwrap_or_else(|| self.url.clone()),
            direct_url: None,
            ..self.clone()
        }
    }
}

impl Database {
    /// A session that nobody else gets, and that stays the same one until it ends.
    pub(crate) async fn session(&self) -> Result<ClientWrapper, StorageError> {
        if self.options.direct_url.is_none() {
            return self.connection().await.map(Object::take);
        }
        session_at(&self.options.direct()).await
    }
}

/// A session of its own, beside any pool.
pub(super) async fn session_at(options: &DatabaseOptions) -> Result<ClientWrapper, StorageError> {
    let config = options.connection_config().map_err(unavailable)?;
    let limit = options.connect_timeout;
    let connecting = async {
        if let Some(tls) = tls::connector_for(&config, &options.url).map_err(unavailable)? {
            let connector = Connector::new(&config, tls, limit);
            connector.connect(&config).await.map_err(unavailable)
        } else {
            let connector = Connector::new(&config, NoTls, limit);
            connector.connect(&config).await.map_err(unavailable)
        }
    };
    let connected = tokio::time::timeout(limit, connecting).await;
    let late = |_| unavailable("PostgreSQL could not be reached in time");
    let (client, driver) = connected.map_err(late)??;
    Ok(ClientWrapper::new(client, driver))
}
