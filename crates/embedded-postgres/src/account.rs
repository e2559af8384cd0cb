//! The operating-system user that runs `PostgreSQL`.

use std::{
    fs::{self, File, Metadata},
    io,
    os::unix::{
        fs::{MetadataExt, chown, fchown, lchown},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Stdio},
};

use rustix::process::{getegid, geteuid};

use crate::error::StartError;

/// Variables that would change how `PostgreSQL`'s programs behave behind our back. `NOTIFY_SOCKET`
/// is among them because a postmaster would report itself to systemd as if it were our service.
const FOREIGN_VARIABLES: &[&str] = &[
    "NOTIFY_SOCKET",
    "PGCLIENTENCODING",
    "PGDATA",
    "PGDATESTYLE",
    "PGHOST",
    "PGOPTIONS",
    "PGPORT",
    "PGTZ",
    "PGUSER",
    "PG_COLOR",
    "PG_GRANDPARENT_PID",
    "PG_OOM_ADJUST_FILE",
];

/// The user and group that `PostgreSQL`'s programs run as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    uid: u32,
    gid: u32,
    switches: bool,
}

impl Account {
    /// Chooses the account: this process's own user, unless that is root, which `PostgreSQL`
    /// refuses. Then it is the owner of the cluster if there is one, else `postgres`, else `nobody`.
    pub(crate) fn choose(existing_cluster: Option<&Metadata>) -> Result<Self, StartError> {
        if !geteuid().is_root() {
            return Ok(Self {
                uid: geteuid().as_raw(),
                gid: getegid().as_raw(),
                switches: false,
            });
        }
        let owner = existing_cluster.map(|cluster| (cluster.uid(), cluster.gid()));
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let (uid, gid) = owner
            .filter(|(uid, _)| *uid != 0)
            .or_else(|| find_user(&users, "postgres"))
            .or_else(|| find_user(&users, "nobody"))
            .ok_or(StartError::NoAccount)?;
        Ok(Self {
            uid,
            gid,
            switches: true,
        })
    }

    pub(crate) fn uid(&self) -> u32 {
        self.uid
    }

    /// Whether `PostgreSQL` runs as another user than this process.
    pub(crate) fn switches(&self) -> bool {
        self.switches
    }

    /// A command that runs as this account, in a folder it can be in, with messages in English
    /// (some are recognised) and without the variables that would change its behaviour.
    pub(crate) fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(folder)
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        for variable in FOREIGN_VARIABLES {
            command.env_remove(variable);
        }
        if self.switches {
            // The standard library also drops root's supplementary groups here.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Whether this account can enter the folder; tried out, since mode bits do not tell about
    /// access lists and mount options.
    pub(crate) fn may_enter(&self, folder: &Path) -> bool {
        if !self.switches {
            return true;
        }
        let entered = self
            .command(Path::new("/bin/sh"), Path::new("/"))
            .args(["-c", "cd -- \"$1\"", "sh"])
            .arg(folder)
            .stderr(Stdio::null())
            .status();
        entered.is_ok_and(|status| status.success())
    }

    /// Gives a file or folder to this account.
    pub(crate) fn own(&self, path: &Path) -> Result<(), StartError> {
        if !self.switches {
            return Ok(());
        }
        chown(path, Some(self.uid), Some(self.gid))
            .map_err(StartError::folder("change the owner of", path))
    }

    /// Gives an open file to this account.
    pub(crate) fn own_file(&self, file: &File) -> io::Result<()> {
        if !self.switches {
            return Ok(());
        }
        fchown(file, Some(self.uid), Some(self.gid))
    }

    /// Gives a whole tree to this account, without following symbolic links.
    pub(crate) fn own_tree(&self, path: &Path) -> io::Result<()> {
        lchown(path, Some(self.uid), Some(self.gid))?;
        if fs::symlink_metadata(path)?.is_dir() {
            for entry in fs::read_dir(path)? {
                self.own_tree(&entry?.path())?;
            }
        }
        Ok(())
    }
}

/// Finds a user's id and group id in the text of `/etc/passwd`.
fn find_user(users: &str, name: &str) -> Option<(u32, u32)> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some((uid, gid))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "root:x:0:0:root:/root:/bin/sh\npostgres:x:101:104:PostgreSQL:/var/lib/postgresql:/bin/sh\n";

    #[test]
    fn a_user_is_found_by_the_whole_name_only() {
        assert_eq!(find_user(USERS, "postgres"), Some((101, 104)));
        assert_eq!(find_user(USERS, "post"), None);
    }

    #[test]
    fn the_account_is_never_root() {
        let account = Account::choose(None).unwrap();

        assert_ne!(account.uid(), 0);
    }
}
