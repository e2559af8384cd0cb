//! A private `PostgreSQL` server with one database.

use std::{
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio_postgres::Config;

use crate::{
    account::Account,
    binaries::Binaries,
    database::{ensure_database, execute, literal},
    error::{StartError, StopError},
    initialise::ensure_cluster,
    launch::Launch,
    placement::Placement,
    postmaster::Postmaster,
    temporary::Watchdog,
};

/// The cluster's only role.
pub(crate) const SUPERUSER: &str = "postgres";
/// A database that every cluster has.
const MAINTENANCE_DATABASE: &str = "postgres";
/// Without TCP this is but a part of the socket's name.
const DEFAULT_PORT: u16 = 5432;

/// How a cluster is to be started.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ClusterOptions {
    /// The folder for everything: cluster, log, lock. Made when it is missing.
    pub data_dir: PathBuf,
    /// The programs to run.
    pub binaries: Binaries,
    /// The database to connect to, made when it is missing. Default: `tallystick`.
    pub database: String,
    /// Settings for `PostgreSQL` beyond ours, as in `postgresql.conf`; they win over ours.
    pub settings: Vec<(String, String)>,
    /// Whether to listen on TCP too. Default: no.
    pub tcp: Option<TcpAccess>,
    /// Where the cluster is placed when this process is root and `PostgreSQL`'s user cannot enter the
    /// data folder. Default: `/var/lib/tallystick`.
    pub fallback_root: PathBuf,
    /// Where the socket is placed when the data folder's path is too long for one. Default: `/tmp`.
    pub socket_root: PathBuf,
    /// How long initialising, and then starting, may take. Default: 60 s.
    pub start_limit: Duration,
    /// How long a shutdown may take before it is forced. Default: 30 s.
    pub stop_limit: Duration,
    /// Whether the data are worth nothing: no care for the disk, and a quick end.
    pub(crate) disposable: bool,
}

/// Access over TCP, on the loopback address only, for the role `postgres` with a password.
#[derive(Clone)]
pub struct TcpAccess {
    /// The port to listen on.
    pub port: u16,
    /// The password to ask for.
    pub password: String,
}

/// A running cluster. Dropping it stops it too, but blocks the thread meanwhile and cannot report
/// a failure; prefer [`Cluster::stop`].
#[derive(Debug)]
pub struct Cluster {
    // Fields are dropped in this order: the server must have ended before its folder is removed or
    // unlocked.
    postmaster: Postmaster,
    watchdog: Option<Watchdog>,
    placement: Placement,
    options: ClusterOptions,
}

impl ClusterOptions {
    /// Options with every default.
    pub fn new(data_dir: impl Into<PathBuf>, binaries: Binaries) -> Self {
        Self {
            data_dir: data_dir.into(),
            binaries,
            database: "tallystick".to_owned(),
            settings: Vec::new(),
            tcp: None,
            fallback_root: PathBuf::from("/var/lib/tallystick"),
            socket_root: PathBuf::from("/tmp"),
            start_limit: Duration::from_mins(1),
            stop_limit: Duration::from_secs(30),
            disposable: false,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.tcp.as_ref().map_or(DEFAULT_PORT, |tcp| tcp.port)
    }
}

impl Cluster {
    /// Starts the cluster of the data folder, and makes it first when there is none.
    ///
    /// A postmaster that a crash left running on it is taken over. As root, `PostgreSQL` runs as the
    /// cluster's owner, `postgres` or `nobody`.
    pub async fn start(options: ClusterOptions) -> Result<Self, StartError> {
        let placement = Placement::prepare(&options)?;
        ensure_cluster(&placement, &options).await?;
        let postmaster = launch(&placement, &options).await?;
        let cluster = Self {
            postmaster,
            watchdog: None,
            placement,
            options,
        };
        cluster.prepare_database().await?;
        Ok(cluster)
    }

    /// Starts an empty cluster in a temporary folder. It ends, and the folder goes, when it is
    /// stopped or dropped, and also when this process ends in whatever way.
    ///
    /// Durable while it runs, unless the settings say otherwise.
    pub async fn temporary(
        binaries: Binaries,
        settings: Vec<(String, String)>,
    ) -> Result<Self, StartError> {
        let (folder, watchdog) = Watchdog::over_new_folder()?;
        let mut options = ClusterOptions::new(folder, binaries);
        options.settings = settings;
        options.disposable = true;
        // On failure, the watchdog is dropped here and removes the folder.
        let mut cluster = Self::start(options).await?;
        cluster.watchdog = Some(watchdog);
        Ok(cluster)
    }

    pub(crate) fn options(&self) -> &ClusterOptions {
        &self.options
    }

    pub(crate) fn watch(&mut self, watchdog: Watchdog) {
        self.watchdog = Some(watchdog);
    }

    /// Who runs it.
    pub(crate) fn account(&self) -> &Account {
        self.placement.account()
    }

    /// What tokio-postgres needs to connect to the cluster's database over the socket.
    pub fn config(&self) -> Config {
        self.config_of(&self.options.database)
    }

    /// Like [`Cluster::config`], for another database of the cluster.
    pub fn config_of(&self, database: &str) -> Config {
        config(&self.placement, &self.options, database)
    }

    /// The address of the cluster's database over the socket, as tokio-postgres and libpq read it.
    pub fn connection_url(&self) -> String {
        self.connection_url_of(&self.options.database)
    }

    /// Like [`Cluster::connection_url`], for another database of the cluster.
    pub fn connection_url_of(&self, database: &str) -> String {
        format!(
            "postgresql://{SUPERUSER}@{}:{}/{}",
            percent_encoded(self.socket_dir().as_os_str().as_bytes()),
            self.options.port(),
            percent_encoded(database.as_bytes()),
        )
    }

    /// The folder of the socket.
    pub fn socket_dir(&self) -> &Path {
        self.placement.socket()
    }

    /// The folder of the database files: usually `postgres` in the data folder.
    pub fn files(&self) -> PathBuf {
        self.placement.cluster()
    }

    /// `PostgreSQL`'s log.
    pub fn log_file(&self) -> PathBuf {
        self.placement.log_file()
    }

    /// The programs that the cluster runs with; their folder has `psql` and `pgbench` too.
    pub fn binaries(&self) -> &Binaries {
        &self.options.binaries
    }

    /// The process id of the postmaster.
    pub fn postmaster_pid(&self) -> u32 {
        self.postmaster.pid()
    }

    /// Whether the postmaster still runs.
    pub fn is_running(&mut self) -> bool {
        !self.postmaster.has_ended()
    }

    /// Stops the server: open transactions are rolled back, everything is on the disk afterwards.
    /// After the options' limit it is made to end at once, and the next start recovers.
    pub async fn stop(mut self) -> Result<(), StopError> {
        self.end().await
    }

    /// The same for one that somebody may yet want to kill.
    pub async fn end(&mut self) -> Result<(), StopError> {
        self.postmaster.shut_down(self.options.stop_limit).await
    }

    /// Kills the postmaster by SIGKILL, for tests of faults. Its back ends end shortly afterwards.
    pub async fn kill_hard(&mut self) -> Result<(), StopError> {
        self.postmaster.kill().await
    }

    /// Starts the postmaster anew, for tests of faults; stops it first if it still runs.
    pub async fn restart(&mut self) -> Result<(), StartError> {
        self.postmaster.shut_down(self.options.stop_limit).await?;
        self.postmaster = launch(&self.placement, &self.options).await?;
        Ok(())
    }

    async fn prepare_database(&self) -> Result<(), StartError> {
        let maintenance = self.config_of(MAINTENANCE_DATABASE);
        let prepared = async {
            if let Some(tcp) = &self.options.tcp {
                let password = literal(&tcp.password);
                execute(
                    &maintenance,
                    &format!("ALTER ROLE {SUPERUSER} PASSWORD {password}"),
                )
                .await?;
            }
            ensure_database(&maintenance, &self.options.database).await
        };
        prepared.await.map_err(|source| StartError::Database {
            database: self.options.database.clone(),
            source,
        })
    }
}

async fn launch(placement: &Placement, options: &ClusterOptions) -> Result<Postmaster, StartError> {
    let maintenance = config(placement, options, MAINTENANCE_DATABASE);
    let launch = Launch {
        placement,
        options,
        maintenance: &maintenance,
    };
    launch.run().await
}

fn config(placement: &Placement, options: &ClusterOptions, database: &str) -> Config {
    let mut config = Config::new();
    config
        .host_path(placement.socket())
        .port(options.port())
        .user(SUPERUSER)
        .dbname(database);
    config
}

/// Encodes what has a meaning in an address (RFC 3986), and everything that is not ASCII.
pub(crate) fn percent_encoded(bytes: &[u8]) -> String {
    let encode = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(*byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    bytes.iter().map(encode).collect()
}

impl std::fmt::Debug for TcpAccess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TcpAccess")
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_any_path() {
        assert_eq!(
            percent_encoded("/a b:é@".as_bytes()),
            "%2Fa%20b%3A%C3%A9%40"
        );
    }
}
