//! The database: a pool of connections, and the schema in it.

mod connector;
mod direct;
mod hosts;
mod lanes;
mod options;
mod parameter_types;
mod replica;
mod round_trip;
mod row_by_row;
mod schema;
mod sending;
mod tls;

use std::{sync::Arc, time::Duration};

use app::ports::StorageError;
use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolBuilder,
    RecyclingMethod, Runtime,
};
use tokio_postgres::{
    NoTls, Row,
    types::{ToSql, Type},
};

use self::{connector::Connector, lanes::Lanes, replica::Replica};
use crate::error::unavailable;

pub(crate) use round_trip::{Trouble, round_trip};
pub(crate) use row_by_row::ROW_BY_ROW;
pub(crate) use sending::{Prepared, Sending};

pub use options::{DatabaseOptions, OpenError};
pub use schema::{MigrationError, SchemaState};

/// A pool of connections to one database. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    lanes: Lanes,
    options: Arc<DatabaseOptions>,
    sending: Sending,
    replica: Option<Arc<Replica>>,
}

/// How the pool is used right now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PoolStatus {
    /// The most connections.
    pub size_max: usize,
    /// How many there are.
    pub size: usize,
    /// How many of them nobody uses.
    pub idle: usize,
    /// How many callers wait for one.
    pub waiting: usize,
}

impl Database {
    /// A pool on the database that the options name. Connects when a connection is first needed.
    pub fn open(options: DatabaseOptions) -> Result<Self, OpenError> {
        let sending = Sending::of(&options);
        Self::open_with(options, sending)
    }

    fn open_with(options: DatabaseOptions, sending: Sending) -> Result<Self, OpenError> {
        let lanes = if options.is_divided {
            Lanes::new(options.pool_size_max, || pool_builder(&options))?
        } else {
            Lanes::undivided(options.pool_size_max, pool_builder(&options)?)?
        };
        Ok(Self {
            lanes,
            replica: Replica::of(&options, &sending)?,
            sending,
            options: Arc::new(options),
        })
    }

    /// A pool of its own for postings, with so many connections.
    pub(crate) fn for_postings(&self, connections: usize) -> Result<Self, OpenError> {
        Self::open(DatabaseOptions {
            pool_size_max: connections,
            pool_idle_min: connections,
            is_divided: false,
            writes_sets: true,
            replica_url: None,
            // What keeps its statements from waiting for each other is set for its sessions.
            ..self.options.direct()
        })
    }

    /// Whether the database answers, and how quickly.
    pub async fn ping(&self) -> Result<Duration, StorageError> {
        let started = std::time::Instant::now();
        self.query_rare("SELECT 1", &[]).await?;
        Ok(started.elapsed())
    }

    /// Closes connections that have not been used for long, but keeps some at hand; and opens those when there are fewer.
    pub async fn tend(&self) {
        let kept = self.options.pool_idle_min;
        self.lanes.let_go(self.options.idle_max, kept);
        let opened = (0..self.lanes.missing(kept)).map(|_| self.connection());
        for failed in futures_util::future::join_all(opened)
            .await
            .into_iter()
            .filter_map(Result::err)
        {
            tracing::debug!(error = %failed, "a connection could not be opened ahead of need");
        }
    }

    /// How the pool is used right now.
    pub fn pool_status(&self) -> PoolStatus {
        self.lanes.status()
    }

    /// Closes the pool: whoever asks for a connection from now on gets an error.
    pub fn close(&self) {
        self.lanes.close();
        if let Some(replica) = &self.replica {
            replica.close();
        }
    }

    pub(crate) async fn connection(&self) -> Result<Object, StorageError> {
        self.lanes.connection().await.map_err(unavailable)
    }

    pub(crate) fn deadline(&self) -> Duration {
        self.options.query_deadline
    }

    /// How its statements are sent.
    pub(crate) fn sending(&self) -> Sending {
        self.sending.clone()
    }

    /// Runs one read outside of a transaction. The statement is kept for the next time.
    pub(crate) async fn query(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, StorageError> {
        self.sending.learn(self.sending.unknown([sql])).await?;
        let asking = async |client: &ClientWrapper| {
            let statement = self.sending.prepare(client, sql).await?;
            let asking = statement.query(client, params);
            self.sending.alone(client, asking).await
        };
        Ok(self.round_trip(&[sql], asking).await?)
    }

    /// The same for a statement of which there are too many kinds to keep them all. It is planned for its values.
    pub(crate) async fn query_rare(
        &self,
        sql: &str,
        params: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, StorageError> {
        let asking = async |client: &ClientWrapper| {
            let asking = client.query_typed(sql, params);
            self.sending.alone(client, asking).await
        };
        Ok(self.round_trip(&[sql], asking).await?)
    }

    pub(crate) async fn query_opt(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, StorageError> {
        self.query(sql, params)
            .await
            .map(|rows| rows.into_iter().next())
    }
}

fn pool_builder(options: &DatabaseOptions) -> Result<PoolBuilder, OpenError> {
    let config = options.connection_config()?;
    let recycling = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let limit = options.connect_timeout;
    let manager = if let Some(tls) = tls::connector_for(&config, &options.url)? {
        let connector = Connector::new(&config, tls, limit);
        Manager::from_connect(config, connector, recycling)
    } else {
        let connector = Connector::new(&config, NoTls, limit);
        Manager::from_connect(config, connector, recycling)
    };
    let (lifetime_max, idle_max) = (options.lifetime_max, options.idle_max);
    let still_young = Hook::sync_fn(move |_, metrics| {
        if metrics.age() > lifetime_max || metrics.last_used() > idle_max {
            Err(HookError::message("the connection is too old"))
        } else {
            Ok(())
        }
    });
    Ok(Pool::builder(manager)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(options.acquire_timeout))
        .create_timeout(Some(options.connect_timeout))
        .recycle_timeout(Some(options.connect_timeout))
        .pre_recycle(still_young))
}
