//! A `PgBouncer` in front of a cluster.

use std::{
    fs,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::net::UnixStream;

use super::{TestServerError, Watchdog};
use crate::{
    account::Account,
    cluster::{Cluster, SUPERUSER, percent_encoded},
    error::StartError,
};

/// Where administrators' programs are, which is not on every user's PATH.
const USUAL: &str = "/usr/sbin/pgbouncer";
/// A part of the socket's name.
const PORT: u16 = 6432;
/// The first version that keeps prepared statements.
const KEEPING_STATEMENTS: (u32, u32) = (1, 21);
const POLL_INTERVAL: Duration = Duration::from_millis(5);
const START_LIMIT: Duration = Duration::from_secs(20);

/// Lends sessions of a cluster, each for one transaction (`pool_mode=transaction`). Dropping it ends it, and so does the end
/// of this process.
#[derive(Debug)]
pub struct Pooler {
    folder: TempDir,
    account: Account,
    keeps_statements: bool,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    pooler: Child,
    watchdog: Watchdog,
}

impl Pooler {
    /// Starts one that keeps so many sessions of each database at most.
    pub async fn before(cluster: &Cluster, sessions_max: usize) -> Result<Self, TestServerError> {
        let folder = tempfile::Builder::new()
            .prefix("tallystick-pooler-")
            .tempdir_in("/tmp")
            .map_err(StartError::folder(
                "make a temporary folder in",
                Path::new("/tmp"),
            ))?;
        let account = cluster.account().clone();
        let keeps_statements = version(&account).is_some_and(|it| it >= KEEPING_STATEMENTS);
        let mut settings = settings(cluster, folder.path(), sessions_max);
        if keeps_statements {
            settings.push_str("max_prepared_statements = 500\n");
        }
        let users = format!("\"{SUPERUSER}\" \"\"\n");
        for (name, text) in [("pgbouncer.ini", settings), ("users", users)] {
            let file = folder.path().join(name);
            fs::write(&file, text).map_err(StartError::folder("write", &file))?;
            account.own(&file)?;
        }
        account.own(folder.path())?;
        let mut pooler = Self {
            folder,
            account,
            keeps_statements,
            running: None,
        };
        pooler.come_back().await?;
        Ok(pooler)
    }

    /// The address of the same database by way of the pooler.
    pub fn address_of(&self, direct: &str) -> String {
        let folder = percent_encoded(self.folder.path().as_os_str().as_encoded_bytes());
        let (_, database) = direct.rsplit_once('/').unwrap_or_default();
        format!("postgresql://{SUPERUSER}@{folder}:{PORT}/{database}")
    }

    /// Whether it keeps prepared statements for whoever has named them.
    pub fn keeps_statements(&self) -> bool {
        self.keeps_statements
    }

    /// Kills it by SIGKILL: everybody's connection breaks, and so do the sessions behind it.
    pub fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.pooler.kill();
            drop(running.watchdog);
            let _ = running.pooler.wait();
        }
    }

    /// Starts it again at the same address; ends it before if it still runs.
    pub async fn come_back(&mut self) -> Result<(), TestServerError> {
        self.kill();
        // What was killed has left its socket behind.
        let _ = fs::remove_file(self.socket());
        self.running = Some(self.start()?);
        let waiting = async {
            while UnixStream::connect(self.socket()).await.is_err() {
                tokio::time::sleep(POLL_INTERVAL).await;
            }
        };
        let waited = tokio::time::timeout(START_LIMIT, waiting).await;
        waited.map_err(|_late| TestServerError::Pooler {
            log: fs::read_to_string(self.folder.path().join("log")).unwrap_or_default(),
        })
    }

    fn start(&self) -> Result<Running, StartError> {
        let (program, folder) = (program(), self.folder.path());
        let pooler = self
            .account
            .command(program, folder)
            .arg("--quiet")
            .arg(folder.join("pgbouncer.ini"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(StartError::folder("run", program))?;
        let watchdog = Watchdog::over(&pooler, folder);
        let watchdog = watchdog.map_err(StartError::folder("run", Path::new("/bin/sh")))?;
        Ok(Running { pooler, watchdog })
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join(format!(".s.PGSQL.{PORT}"))
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        self.kill();
    }
}

fn program() -> &'static Path {
    let usual = Path::new(USUAL);
    if usual.is_file() {
        usual
    } else {
        Path::new("pgbouncer")
    }
}

/// 1 and 18 of `PgBouncer 1.18.0`.
fn version(account: &Account) -> Option<(u32, u32)> {
    let mut asking = account.command(program(), Path::new("/"));
    let told = asking.arg("--version").output().ok()?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let mut numbers = told.lines().next()?.strip_prefix("PgBouncer ")?.split('.');
    let mut number = || numbers.next()?.parse().ok();
    Some((number()?, number()?))
}

/// Nothing is passed on or ignored beyond `PgBouncer`'s defaults: who needs more than these does not work behind one.
fn settings(cluster: &Cluster, folder: &Path, sessions_max: usize) -> String {
    let (socket, port) = (cluster.socket_dir().display(), cluster.options().port());
    let folder = folder.display();
    format!(
        "[databases]
* = host={socket} port={port}
[pgbouncer]
unix_socket_dir = {folder}
listen_port = {PORT}
auth_type = trust
auth_file = {folder}/users
logfile = {folder}/log
pool_mode = transaction
default_pool_size = {sessions_max}
max_client_conn = 1000
server_idle_timeout = 5
server_login_retry = 1
"
    )
}
