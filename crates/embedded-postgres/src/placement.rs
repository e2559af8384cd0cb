//! Which folder the cluster lives in, and which one its socket.

mod home;
mod socket;

use std::{
    fs::{self, DirBuilder, Metadata, Permissions},
    io,
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use crate::{account::Account, cluster::ClusterOptions, error::StartError, lock::FolderLock};

const CLUSTER: &str = "postgres";
const STAGING: &str = "postgres.new";

/// The folders of one cluster, locked for as long as this value lives.
///
/// The home is the data folder itself, or, when the account that runs `PostgreSQL` cannot enter that,
/// a folder elsewhere that the data folder's `postgres` links to.
#[derive(Debug)]
pub(crate) struct Placement {
    home: PathBuf,
    socket: PathBuf,
    account: Account,
    _locks: Vec<FolderLock>,
}

impl Placement {
    /// Makes and locks the folders, and decides who runs `PostgreSQL`. Blocks for some milliseconds.
    pub(crate) fn prepare(options: &ClusterOptions) -> Result<Self, StartError> {
        let data_dir = make_data_dir(&options.data_dir)?;
        let existing = fs::metadata(data_dir.join(CLUSTER)).ok();
        let account = Account::choose(existing.as_ref())?;
        refuse_foreign_cluster(&data_dir, existing.as_ref(), &account)?;
        let lock = FolderLock::acquire(&data_dir)?;
        let home = home::choose(&data_dir, &account, &options.fallback_root)?;
        let mut locks = vec![lock];
        if home != data_dir {
            locks.push(FolderLock::acquire(&home)?);
        }
        for lock in &locks {
            account
                .own_file(lock.file())
                .map_err(StartError::folder("change the owner of the lock in", &home))?;
        }
        take_over_roots_cluster(&home.join(CLUSTER), &account)?;
        let socket = socket::prepare(&home, &options.socket_root, &account)?;
        Ok(Self {
            home,
            socket,
            account,
            _locks: locks,
        })
    }

    /// The folder around the cluster, which holds what we write: log, access rules, lock.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// `PostgreSQL`'s data directory.
    pub(crate) fn cluster(&self) -> PathBuf {
        self.home.join(CLUSTER)
    }

    /// Where a cluster is initialised, before it is moved to its place in one step.
    pub(crate) fn staging(&self) -> PathBuf {
        self.home.join(STAGING)
    }

    /// The file with the access rules. It lies outside the cluster, so that root never writes into
    /// a folder of another user.
    pub(crate) fn access_rules(&self) -> PathBuf {
        self.home.join("pg_hba.conf")
    }

    /// `PostgreSQL`'s log.
    pub(crate) fn log_file(&self) -> PathBuf {
        self.home.join("postgresql.log")
    }

    /// The folder of the socket.
    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// Who runs `PostgreSQL`.
    pub(crate) fn account(&self) -> &Account {
        &self.account
    }
}

/// The file by which a cluster tells its major version.
pub(crate) fn version_file(data_dir: &Path) -> PathBuf {
    data_dir.join(CLUSTER).join("PG_VERSION")
}

/// Makes a folder that only its owner can enter, and gives it to the account.
pub(crate) fn make_private_folder(path: &Path, account: &Account) -> Result<(), StartError> {
    make_folder(path, 0o700).map_err(StartError::folder("make the folder", path))?;
    account.own(path)
}

/// Makes a folder with exactly this mode, whatever the umask.
fn make_folder(path: &Path, mode: u32) -> io::Result<()> {
    DirBuilder::new().mode(mode).create(path)?;
    fs::set_permissions(path, Permissions::from_mode(mode))
}

fn make_data_dir(wanted: &Path) -> Result<PathBuf, StartError> {
    let wanted = std::path::absolute(wanted)
        .map_err(StartError::folder("find the absolute path of", wanted))?;
    if let Some(parent) = wanted.parent() {
        fs::create_dir_all(parent).map_err(StartError::folder("make the folder", parent))?;
    }
    match make_folder(&wanted, 0o700) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(StartError::folder("make the folder", &wanted)(error));
        }
        _ => {}
    }
    fs::canonicalize(&wanted).map_err(StartError::folder("resolve the path of", &wanted))
}

/// `PostgreSQL` insists that the user who runs it owns the cluster; only root can become that user.
fn refuse_foreign_cluster(
    data_dir: &Path,
    existing: Option<&Metadata>,
    account: &Account,
) -> Result<(), StartError> {
    match existing.map(Metadata::uid) {
        Some(owner) if !account.switches() && owner != account.uid() => {
            Err(StartError::OwnedByAnotherUser {
                folder: data_dir.to_owned(),
                owner,
            })
        }
        _ => Ok(()),
    }
}

/// A cluster that was copied or restored by root belongs to root, whom `PostgreSQL` refuses.
fn take_over_roots_cluster(cluster: &Path, account: &Account) -> Result<(), StartError> {
    match fs::metadata(cluster) {
        Ok(existing) if account.switches() && existing.uid() != account.uid() => account
            .own_tree(cluster)
            .map_err(StartError::folder("change the owner of", cluster)),
        _ => Ok(()),
    }
}

/// FNV-1a: short names for long paths that stay the same from release to release (the standard
/// library's hasher promises no such thing).
fn short_name(path: &Path) -> String {
    let hash = path
        .as_os_str()
        .as_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_name_of_a_path_never_changes() {
        assert_eq!(short_name(Path::new("")), "cbf29ce484222325");
        assert_eq!(short_name(Path::new("foobar")), "85944171f73967e8");
    }
}
