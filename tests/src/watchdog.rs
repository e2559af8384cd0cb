//! Ends a process, and removes what it leaves, when this one is gone.

use std::{
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// Kills what it watches and removes its folder when its standard input ends.
const SCRIPT: &str = "trap '' HUP INT TERM
    while read -r _; do :; done
    kill -KILL \"$1\"
    rm -rf -- \"$2\"";

/// A small process that outlives this one for a moment, since destructors do not run in one that is killed, and statics
/// have none.
#[derive(Debug)]
pub(crate) struct Watchdog(Child);

impl Watchdog {
    /// Watches over a child of this process and its folder. Drop it after the child was killed, and before it is waited for: then its id
    /// cannot be another's.
    pub(crate) fn over(child: &Child, folder: &TempDir) -> Self {
        let watchdog = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "tallystick-tests-watchdog"])
            .arg(child.id().to_string())
            .arg(folder.path())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("every system that PostgreSQL runs on has a shell");
        Self(watchdog)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        // Before its input ends, so that it does not bite.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
