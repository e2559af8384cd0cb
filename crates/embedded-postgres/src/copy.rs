//! Copies of a running cluster, as `pg_basebackup` takes them: for standbys, and for restores.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use tokio::process::Command;

use crate::{
    binaries::Binaries,
    cluster::{Cluster, ClusterOptions, SUPERUSER},
    error::StartError,
    placement::{Placement, make_private_folder},
    temporary::Watchdog,
};

/// What a copy is to become when it is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyRole {
    /// It follows the cluster that it was taken from.
    Standby,
    /// It recovers by its settings (`restore_command`, `recovery_target_time` and the like).
    Restored,
}

/// The files of a cluster in a temporary folder, not started yet. They go when it is dropped.
#[derive(Debug)]
pub struct ClusterCopy {
    options: ClusterOptions,
    watchdog: Watchdog,
}

impl Cluster {
    /// Takes a copy while the cluster runs.
    ///
    /// # Errors
    /// When the folder cannot be made, or `pg_basebackup` fails.
    pub async fn copy(&self, role: CopyRole) -> Result<ClusterCopy, StartError> {
        let (folder, watchdog) = Watchdog::over_new_folder()?;
        let mut options = ClusterOptions::new(folder, self.binaries().clone());
        options.database.clone_from(&self.options().database);
        options.disposable = true;
        let placement = Placement::prepare(&options)?;
        self.back_up_to(&placement, role).await?;
        if role == CopyRole::Restored {
            let signal = placement.cluster().join("recovery.signal");
            File::create(&signal)
                .and_then(|file| placement.account().own_file(&file))
                .map_err(StartError::folder("make", &signal))?;
        }
        Ok(ClusterCopy { options, watchdog })
    }

    async fn back_up_to(&self, placement: &Placement, role: CopyRole) -> Result<(), StartError> {
        let program = beside_server(self.binaries());
        let account = placement.account();
        make_private_folder(&placement.cluster(), account)?;
        let mut command = account.command(&program, Path::new("/"));
        command
            .args(["--checkpoint=fast", "--wal-method=stream", "--no-sync"])
            .args(["--no-password", "--username", SUPERUSER, "--host"])
            .arg(self.socket_dir())
            .args(["--port", &self.options().port().to_string(), "--pgdata"])
            .arg(placement.cluster());
        if role == CopyRole::Standby {
            command.arg("--write-recovery-conf");
        }
        let output = Command::from(command).kill_on_drop(true).output().await;
        let output = output.map_err(|source| StartError::NotRunnable {
            program,
            uid: account.uid(),
            source,
        })?;
        if output.status.success() {
            return Ok(());
        }
        Err(StartError::Copy {
            status: output.status,
            output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }
}

/// Where `pg_basebackup` is: a system may link to the server's programs from a folder that has no others.
fn beside_server(binaries: &Binaries) -> PathBuf {
    const NAME: &str = "pg_basebackup";
    let server = fs::canonicalize(binaries.program("postgres")).unwrap_or_default();
    let beside = server.with_file_name(NAME);
    if beside.is_file() {
        beside
    } else {
        binaries.program(NAME)
    }
}

impl ClusterCopy {
    /// The same with a setting of `PostgreSQL`.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let setting = (name.to_owned(), value.to_owned());
        self.options.settings.push(setting);
        self
    }

    /// Starts it. A standby answers reads then; one that is restored may still be at it.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub async fn start(self) -> Result<Cluster, StartError> {
        let mut cluster = Cluster::start(self.options).await?;
        cluster.watch(self.watchdog);
        Ok(cluster)
    }
}
