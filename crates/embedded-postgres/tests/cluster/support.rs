//! What all tests here share.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use embedded_postgres::{Binaries, ClusterOptions, SearchHints};
use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;
use tokio_postgres::{Config, NoTls};

/// How long a condition may take to come true.
const LIMIT: Duration = Duration::from_secs(30);

/// The programs that are installed here.
pub(crate) fn binaries() -> Binaries {
    Binaries::find(&SearchHints::default()).unwrap()
}

pub(crate) fn is_root() -> bool {
    geteuid().is_root()
}

/// A folder for one test, removed at its end; other users can enter it.
pub(crate) struct Workplace(TempDir);

impl Workplace {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("embedded-")
            .tempdir_in("/tmp")
            .unwrap();
        set_mode(folder.path(), 0o755);
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Options for a cluster in [`Workplace::data_dir`].
    pub(crate) fn options(&self) -> ClusterOptions {
        self.options_for(&self.data_dir())
    }

    /// Options that keep everything within this folder.
    pub(crate) fn options_for(&self, data_dir: &Path) -> ClusterOptions {
        let mut options = ClusterOptions::new(data_dir, binaries());
        options.fallback_root = self.path().join("elsewhere");
        options
    }
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Runs a statement, and gives the first column of its first row as text, or nothing.
pub(crate) async fn sql(config: &Config, statement: &str) -> String {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let messages = client.simple_query(statement).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    let value = messages.iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    value.unwrap_or_default()
}

/// Like [`sql`], for an address.
pub(crate) async fn sql_at(url: &str, statement: &str) -> String {
    sql(&url.parse().unwrap(), statement).await
}

/// Whether the process runs. One that has ended and that nobody waits for does not.
pub(crate) fn is_running(pid: u32) -> bool {
    if Path::new("/proc/self/cmdline").exists() {
        return fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty());
    }
    rustix::process::test_kill_process(to_pid(pid)).is_ok()
}

pub(crate) fn kill(pid: u32) {
    kill_process(to_pid(pid), Signal::KILL).unwrap();
}

pub(crate) fn to_pid(pid: u32) -> Pid {
    Pid::from_raw(i32::try_from(pid).unwrap()).unwrap()
}

/// Waits until the condition is true; fails when that takes too long.
pub(crate) async fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(
        tokio::time::timeout(LIMIT, waiting).await.is_ok(),
        "in vain waited until {what}"
    );
}
