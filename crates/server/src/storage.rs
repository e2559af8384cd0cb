//! The database: where it is, and waiting until it is there.

mod patience;

use std::{path::Path, time::Duration};

use adapters_postgres::{
    Database, DatabaseOptions, MigrationError, PgEventPartitions, PgEventReaders, SchemaState,
};
use anyhow::{Context as _, bail};
use app::vouchers::VoucherProjector;
use embedded_postgres::Cluster;
use secrecy::{ExposeSecret as _, SecretString};

use self::patience::Patience;
use crate::{
    config::{BrokerKind, DatabaseSettings, Environment, Settings},
    embedded, wiring,
};

/// How long the server waits for a database that is not there yet.
const WAITING_MAX: Duration = Duration::from_mins(1);
/// A command at the command line has somebody waiting for it.
const COMMAND_WAITING_MAX: Duration = Duration::from_secs(5);

/// The database of the configuration, or a private one that runs for as long as this value is kept.
pub(crate) struct Storage {
    url: SecretString,
    cluster: Option<Cluster>,
    waiting_max: Duration,
}

impl Storage {
    /// For the server: starts the private database if there is to be one. One that another server runs is an error.
    pub(crate) async fn start(
        settings: &Settings,
        environment: &Environment,
    ) -> anyhow::Result<Self> {
        if let Some(url) = settings.database.url.clone() {
            return Ok(Self::elsewhere(url, WAITING_MAX));
        }
        let cluster = embedded::start(settings, environment).await?;
        embedded::announce(&settings.data_dir, &cluster.connection_url())?;
        Ok(Self {
            url: cluster.connection_url().into(),
            cluster: Some(cluster),
            waiting_max: WAITING_MAX,
        })
    }

    /// For a command: uses the private database of a server that runs, and runs it itself if none does.
    pub(crate) async fn reach(
        settings: &Settings,
        environment: &Environment,
    ) -> anyhow::Result<Self> {
        if let Some(url) = settings.database.url.clone() {
            return Ok(Self::elsewhere(url, COMMAND_WAITING_MAX));
        }
        match embedded::start(settings, environment).await {
            Ok(cluster) => Ok(Self {
                url: cluster.connection_url().into(),
                cluster: Some(cluster),
                waiting_max: COMMAND_WAITING_MAX,
            }),
            Err(error) if embedded::is_in_use(&error) => {
                let url = embedded::announced(&settings.data_dir).ok_or(error)?;
                Ok(Self::elsewhere(url.into(), COMMAND_WAITING_MAX))
            }
            Err(error) => Err(error),
        }
    }

    fn elsewhere(url: SecretString, waiting_max: Duration) -> Self {
        Self {
            url,
            cluster: None,
            waiting_max,
        }
    }

    /// A pool on it, with connections for threads that answer requests if there are such. Nothing is connected yet.
    pub(crate) fn pool(
        &self,
        settings: &DatabaseSettings,
        answers_requests: bool,
    ) -> anyhow::Result<Database> {
        let exposed = |url: &Option<SecretString>| {
            let url = url.as_ref();
            url.map(|url| url.expose_secret().to_owned())
        };
        let options = DatabaseOptions {
            direct_url: exposed(&settings.direct_url),
            pooler_prepares: settings.pooler_prepares,
            replica_url: exposed(&settings.replica_url),
            is_divided: answers_requests,
            pool_size_max: settings.pool_max,
            pool_idle_min: settings.pool_min_idle,
            lifetime_max: settings.max_lifetime,
            idle_max: settings.idle_timeout,
            acquire_timeout: settings.acquire_timeout,
            statement_timeout: settings.statement_timeout,
            lock_timeout: settings.lock_timeout,
            query_deadline: settings.query_deadline,
            ..DatabaseOptions::at(self.url.expose_secret())
        };
        Database::open(options).context("cannot use the database of the configuration")
    }

    /// Waits until the database is there, and sees that its schema is this release's: by migrating it, if it may. Makes the
    /// coming days of the log of events before anybody writes.
    pub(crate) async fn prepare(&self, pool: &Database, settings: &Settings) -> anyhow::Result<()> {
        if settings.database.migrate_on_start {
            let count = self.migrate(pool).await?;
            if count > 0 {
                tracing::info!(count, "migrated the database");
            }
        } else {
            let state = self.patiently(async || pool.schema_state().await).await?;
            require_current(&state)?;
        }
        make_event_days(pool, settings).await;
        if settings.broker == BrokerKind::Postgres {
            // Before anybody forgets days that nobody has read: projections are made of all events there are.
            let group = VoucherProjector::GROUP.name;
            PgEventReaders::new(pool.clone()).expect(group).await?;
        }
        Ok(())
    }

    /// Waits until the database is there, and applies the migrations that it lacks. Tells how many these were.
    pub(crate) async fn migrate(&self, pool: &Database) -> anyhow::Result<usize> {
        self.patiently(async || pool.migrate().await).await
    }

    async fn patiently<T>(
        &self,
        attempt: impl AsyncFn() -> Result<T, MigrationError>,
    ) -> anyhow::Result<T> {
        let mut patience = Patience::of(self.waiting_max);
        loop {
            match attempt().await {
                Err(error) if is_worth_waiting(&error) => patience.wait(error).await?,
                other => return other.context("cannot use the database"),
            }
        }
    }

    /// Stops the private database, if there is one.
    pub(crate) async fn stop(&mut self, data_dir: &Path) -> anyhow::Result<()> {
        if let Some(cluster) = &mut self.cluster {
            embedded::withdraw(data_dir);
            cluster.end().await.context("cannot stop PostgreSQL")?;
        }
        Ok(())
    }

    /// Ends the private database, if there is one, without waiting for anything; its next start recovers.
    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(cluster) = &mut self.cluster {
            cluster.kill_hard().await.context("cannot end PostgreSQL")?;
        }
        Ok(())
    }
}

/// The scheduler makes days ahead, but not while nothing runs. Without a day of its own an event is not lost, and only
/// forgotten with more effort: no reason not to start.
async fn make_event_days(pool: &Database, settings: &Settings) {
    let partitions = PgEventPartitions::new(pool.clone());
    let today = wiring::clock(settings).now();
    if let Err(why) = partitions.make_ahead(today).await {
        let why: &dyn std::error::Error = &why;
        tracing::warn!(error = why, "the coming days of events cannot be made yet");
    }
}

fn require_current(state: &SchemaState) -> anyhow::Result<()> {
    match state {
        SchemaState::Current => Ok(()),
        SchemaState::Behind(missing) => bail!(
            "the database lacks the migrations {missing:?}: run `tallystick migrate`, or set \
             TALLYSTICK_DATABASE__MIGRATE_ON_START=true"
        ),
        SchemaState::Ahead(newer) => bail!(
            "the database has the migrations {newer:?}, which this release does not know: run the newer release"
        ),
        SchemaState::Drifted(different) => {
            bail!("the migrations {different:?} are not those of this release")
        }
    }
}

/// Whether the database may just not be there yet; a wrong password does not get right by waiting.
fn is_worth_waiting(error: &MigrationError) -> bool {
    /// Classes of SQLSTATE: connection exceptions, insufficient resources, operator intervention (also: starting up).
    const PASSING: [&str; 3] = ["08", "53", "57"];

    let MigrationError::Unreachable(cause) = error else {
        return false;
    };
    let is_passing = |code: &str| PASSING.iter().any(|class| code.starts_with(class));
    cause.code().is_none_or(|state| is_passing(state.code()))
}
