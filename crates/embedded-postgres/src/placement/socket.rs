//! The folder of the Unix socket: private, and short enough for the kernel.

use std::{
    fs::{self, Permissions},
    os::unix::{
        ffi::OsStrExt,
        fs::{MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use rustix::process::geteuid;

use super::{make_private_folder, short_name};
use crate::{account::Account, error::StartError};

/// The longest path of a socket, in bytes: `sun_path` without its final NUL.
const PATH_BYTES_MAX: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The longest name that `PostgreSQL` gives to a socket, with the slash before it.
const FILE_NAME_BYTES_MAX: usize = "/.s.PGSQL.65535".len();

/// Chooses and makes the folder: below the cluster's home, or, where that makes the path too long,
/// below `socket_root` with a name derived from the home's path.
pub(super) fn prepare(
    home: &Path,
    socket_root: &Path,
    account: &Account,
) -> Result<PathBuf, StartError> {
    let below_home = home.join("socket");
    let folder = if fits(&below_home) {
        below_home
    } else {
        socket_root.join(format!("tallystick-{}", short_name(home)))
    };
    let Ok(existing) = fs::symlink_metadata(&folder) else {
        make_private_folder(&folder, account)?;
        return Ok(folder);
    };
    // Anyone can make a folder below a shared root first; a socket in it would be theirs to replace.
    let is_ours = [account.uid(), geteuid().as_raw()].contains(&existing.uid());
    if !existing.is_dir() || !is_ours {
        return Err(StartError::SocketFolderTaken { folder });
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o700))
        .map_err(StartError::folder("make private the folder", &folder))?;
    account.own(&folder)?;
    Ok(folder)
}

fn fits(folder: &Path) -> bool {
    folder.as_os_str().as_bytes().len() + FILE_NAME_BYTES_MAX <= PATH_BYTES_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_fits_as_long_as_the_longest_socket_name_does() {
        let longest = PATH_BYTES_MAX - FILE_NAME_BYTES_MAX;

        assert!(fits(Path::new(&"x".repeat(longest))));
        assert!(!fits(Path::new(&"x".repeat(longest + 1))));
    }
}
