//! What can go wrong while a cluster starts and stops.

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitStatus,
    time::Duration,
};

/// Why a cluster did not start. Nothing is left running after any of these.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process holds the lock of the data folder.
    #[error(
        "the data folder {} is used by {}; stop that one first, or choose another folder with TALLYSTICK_DATA_DIR",
        folder.display(), describe_holder(*holder)
    )]
    FolderInUse {
        /// The folder that is locked.
        folder: PathBuf,
        /// The process that holds the lock, when it could be read.
        holder: Option<u32>,
    },
    /// A file or folder could not be made, read or changed.
    #[error("cannot {action} {}: {source}", path.display())]
    Folder {
        /// What was tried, as a verb phrase.
        action: &'static str,
        /// The file or folder it was tried on.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// This process is root, `PostgreSQL` refuses root, and there is no other user to run it as.
    #[error(
        "PostgreSQL refuses to run as root, and this system has neither a user `postgres` nor `nobody`"
    )]
    NoAccount,
    /// The user that runs `PostgreSQL` cannot reach the folder, and moving the cluster is no option.
    #[error(
        "the user that runs PostgreSQL (uid {uid}) cannot enter {}; open its parent folders (`chmod o+x`), or choose another folder with TALLYSTICK_DATA_DIR",
        folder.display()
    )]
    NotEnterable {
        /// The folder that cannot be entered.
        folder: PathBuf,
        /// The user that was refused.
        uid: u32,
    },
    /// The cluster was made by a user that this process cannot become.
    #[error(
        "the cluster in {} belongs to another user (uid {owner}); run as that user or as root, or choose another folder with TALLYSTICK_DATA_DIR",
        folder.display()
    )]
    OwnedByAnotherUser {
        /// The cluster's folder.
        folder: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// The folder for the socket exists but is not a private folder of ours.
    #[error(
        "the socket folder {} exists but is not a folder of the user that runs PostgreSQL; remove it, or choose a shorter data folder with TALLYSTICK_DATA_DIR",
        folder.display()
    )]
    SocketFolderTaken {
        /// The folder in question.
        folder: PathBuf,
    },
    /// The cluster was made by another major version than the binaries that were found.
    #[error(
        "the cluster in {} was made by PostgreSQL {cluster}, but the binaries are PostgreSQL {binaries}; point TALLYSTICK_PG_BIN at PostgreSQL {cluster}, or dump and restore",
        folder.display()
    )]
    VersionMismatch {
        /// The cluster's folder.
        folder: PathBuf,
        /// The major version that made the cluster, as written in its `PG_VERSION`.
        cluster: String,
        /// The major version of the binaries.
        binaries: u32,
    },
    /// The place of the cluster is taken by something that is not a cluster.
    #[error(
        "{} is not empty and not a PostgreSQL cluster; move it away, or choose another folder with TALLYSTICK_DATA_DIR",
        folder.display()
    )]
    NotACluster {
        /// The folder in question.
        folder: PathBuf,
    },
    /// One of `PostgreSQL`'s programs could not be run at all.
    #[error("cannot run {} as uid {uid}: {source}", program.display())]
    NotRunnable {
        /// The program.
        program: PathBuf,
        /// The user it was to run as.
        uid: u32,
        /// Why it failed.
        source: io::Error,
    },
    /// `initdb` failed.
    #[error("initdb failed ({status}):\n{output}")]
    Initialise {
        /// How it ended.
        status: ExitStatus,
        /// What it printed.
        output: String,
    },
    /// `pg_basebackup` failed.
    #[error("pg_basebackup failed ({status}):\n{output}")]
    Copy {
        /// How it ended.
        status: ExitStatus,
        /// What it printed.
        output: String,
    },
    /// `PostgreSQL` ended instead of accepting connections.
    #[error("PostgreSQL ended while starting ({status}); the end of {} says:\n{log_tail}", log_file.display())]
    Ended {
        /// How it ended.
        status: String,
        /// Its log file.
        log_file: PathBuf,
        /// The last lines of the log.
        log_tail: String,
    },
    /// `PostgreSQL` did not accept connections within the limit.
    #[error(
        "PostgreSQL did not accept connections within {} s; the end of {} says:\n{log_tail}",
        limit.as_secs(), log_file.display()
    )]
    TooSlow {
        /// The limit.
        limit: Duration,
        /// Its log file.
        log_file: PathBuf,
        /// The last lines of the log.
        log_tail: String,
    },
    /// `initdb` did not end within the limit.
    #[error("initdb did not end within {} s", limit.as_secs())]
    InitialiseTooSlow {
        /// The limit.
        limit: Duration,
    },
    /// A running postmaster of this folder was to be restarted, but could not be stopped.
    #[error("cannot restart the postmaster that runs on this data folder")]
    Unstoppable(#[from] StopError),
    /// The database could not be made in the running cluster.
    #[error("cannot prepare the database `{database}`")]
    Database {
        /// Its name.
        database: String,
        /// What `PostgreSQL` said.
        source: tokio_postgres::Error,
    },
}

/// Why a cluster could not be stopped.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// It survived a fast shutdown, an immediate shutdown and SIGKILL.
    #[error("the postmaster (pid {pid}) did not end, not even by SIGKILL")]
    StillRunning {
        /// The postmaster's process id.
        pid: u32,
    },
}

impl StartError {
    /// Puts an I/O error into its context: what was tried on which path.
    pub(crate) fn folder(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Folder {
            action,
            path,
            source,
        }
    }
}

fn describe_holder(holder: Option<u32>) -> String {
    holder.map_or_else(
        || "another process".to_owned(),
        |pid| format!("another process (pid {pid})"),
    )
}
