//! The folder around the cluster: the data folder, or one elsewhere that `PostgreSQL` can enter.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use super::{CLUSTER, make_folder, short_name};
use crate::{account::Account, error::StartError};

/// Others may pass through such a folder but not list it.
const PASSABLE: u32 = 0o711;

/// Chooses the home of the cluster. A choice that was made before is kept: a cluster that lies in
/// the data folder stays there, and a link is followed.
pub(super) fn choose(
    data_dir: &Path,
    account: &Account,
    fallback_root: &Path,
) -> Result<PathBuf, StartError> {
    if !account.switches() {
        return linked_home(data_dir).map_or_else(|| Ok(data_dir.to_owned()), Ok);
    }
    if let Some(home) = linked_home(data_dir) {
        remake(&home)?;
        return enterable(home, account);
    }
    let_others_pass(data_dir)?;
    if account.may_enter(data_dir) {
        return Ok(data_dir.to_owned());
    }
    if data_dir.join(CLUSTER).exists() {
        // An empty cluster elsewhere would look as if all data were lost.
        return enterable(data_dir.to_owned(), account);
    }
    let home = enterable(make_elsewhere(data_dir, fallback_root)?, account)?;
    let link = data_dir.join(CLUSTER);
    symlink(home.join(CLUSTER), &link).map_err(StartError::folder("make the link", &link))?;
    tracing::warn!(
        data_dir = %data_dir.display(),
        cluster = %home.display(),
        uid = account.uid(),
        "the user that runs PostgreSQL cannot enter the data folder, so the database files are kept elsewhere"
    );
    Ok(home)
}

/// Where the data folder's link points, if it has one.
fn linked_home(data_dir: &Path) -> Option<PathBuf> {
    let target = fs::read_link(data_dir.join(CLUSTER)).ok()?;
    Some(target.parent()?.to_owned())
}

/// The home may have been removed by hand while the link stayed: that is a wish to begin anew.
fn remake(home: &Path) -> Result<(), StartError> {
    if home.exists() {
        return Ok(());
    }
    if let Some(root) = home.parent() {
        fs::create_dir_all(root).map_err(StartError::folder("make the folder", root))?;
    }
    make_folder(home, PASSABLE).map_err(StartError::folder("make the folder", home))
}

fn enterable(folder: PathBuf, account: &Account) -> Result<PathBuf, StartError> {
    if account.may_enter(&folder) {
        return Ok(folder);
    }
    Err(StartError::NotEnterable {
        folder,
        uid: account.uid(),
    })
}

/// Lets `PostgreSQL`'s user pass through root's data folder to the cluster; it still cannot list it.
fn let_others_pass(data_dir: &Path) -> Result<(), StartError> {
    let context = || StartError::folder("open to PostgreSQL's user the folder", data_dir);
    let existing = fs::metadata(data_dir).map_err(context())?;
    let mode = existing.mode() & 0o7777;
    if existing.uid() != 0 || mode & 0o001 != 0 {
        return Ok(());
    }
    fs::set_permissions(data_dir, Permissions::from_mode(mode | 0o001)).map_err(context())
}

/// Makes a new folder under the fall-back root, named after the data folder's path.
///
/// Never takes one that is there already: if the data folder has no link to it, the data folder was
/// removed and made anew, which is how people ask for an empty database.
fn make_elsewhere(data_dir: &Path, fallback_root: &Path) -> Result<PathBuf, StartError> {
    fs::create_dir_all(fallback_root)
        .map_err(StartError::folder("make the folder", fallback_root))?;
    let name = short_name(data_dir);
    let mut attempt = 1;
    loop {
        let home = match attempt {
            1 => fallback_root.join(&name),
            n => fallback_root.join(format!("{name}-{n}")),
        };
        match make_folder(&home, PASSABLE) {
            Ok(()) => return Ok(home),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => attempt += 1,
            Err(error) => return Err(StartError::folder("make the folder", &home)(error)),
        }
    }
}
