//! Embedded mode: a private PostgreSQL in the data folder, and a first organization with a key.

mod first_start;

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use embedded_postgres::{Binaries, Cluster, ClusterOptions, SearchHints, StartError};

pub(crate) use self::first_start::{Welcome, ensure_first_key};
use crate::config::{Environment, Settings};

/// Where a server tells commands how to reach its database.
const ADDRESS_FILE: &str = "database-url";

/// Starts the database of the data folder, and makes it first when there is none.
pub(crate) async fn start(
    settings: &Settings,
    environment: &Environment,
) -> anyhow::Result<Cluster> {
    let hints = SearchHints {
        folder: settings.pg_bin.clone(),
        path: environment.path().map(ToOwned::to_owned),
        data_dir: Some(settings.data_dir.clone()),
    };
    let binaries = Binaries::find(&hints)?;
    Ok(Cluster::start(ClusterOptions::new(&settings.data_dir, binaries)).await?)
}

/// Whether a start failed because a server runs on the data folder.
pub(crate) fn is_in_use(error: &anyhow::Error) -> bool {
    let cause = error.downcast_ref::<StartError>();
    matches!(cause, Some(StartError::FolderInUse { .. }))
}

/// Tells commands how to reach the database of this server.
pub(crate) fn announce(data_dir: &Path, url: &str) -> anyhow::Result<()> {
    let path = data_dir.join(ADDRESS_FILE);
    write_private(&path, url).with_context(|| format!("cannot write {}", path.display()))
}

/// What a server has announced.
pub(crate) fn announced(data_dir: &Path) -> Option<String> {
    fs::read_to_string(data_dir.join(ADDRESS_FILE)).ok()
}

/// Takes the announcement back.
pub(crate) fn withdraw(data_dir: &Path) {
    // One that stays is overwritten by the next server, and believed only while a server holds the folder.
    let _ = fs::remove_file(data_dir.join(ADDRESS_FILE));
}

/// Writes a file that nobody else may read, as a whole or not at all.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut next_name = path.as_os_str().to_owned();
    next_name.push(".new");
    let next = PathBuf::from(next_name);
    // What a crash left behind may have other rights.
    match fs::remove_file(&next) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&next)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&next, path)
}
