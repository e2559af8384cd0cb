//! Ends a process, and removes what it leaves, when this one is gone.

use std::{io, path::Path, process::Child};

use crate::temporary::shell;

/// Kills what it watches and removes its folder when its standard input ends.
const SCRIPT: &str = "trap '' HUP INT TERM
    while read -r _; do :; done
    kill -KILL \"$1\"
    rm -rf -- \"$2\"";

/// A small process that outlives this one for a moment, since destructors do not run in one that is killed, and statics
/// have none.
#[derive(Debug)]
pub struct Watchdog(Child);

impl Watchdog {
    /// Watches over a child of this process and its folder. Drop it after the child was killed, and before it is waited for: then its id
    /// cannot be another's. Fails where there is no shell.
    pub fn over(child: &Child, folder: &Path) -> io::Result<Self> {
        let mut watchdog = shell(SCRIPT, "tallystick-tests-watchdog");
        let watchdog = watchdog.arg(child.id().to_string()).arg(folder);
        watchdog.spawn().map(Self)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        // Before its input ends, so that it does not bite.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
