//! Clusters that leave nothing behind, not even when their owner is killed.

use std::{
    fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use crate::error::StartError;

/// Waits for its standard input to end, then stops the postmaster of a folder and removes it.
const SCRIPT: &str = include_str!("temporary/watchdog.sh");
/// A short path, since the path of a socket must be short.
const ROOT: &str = "/tmp";

const POLL_INTERVAL: Duration = Duration::from_millis(5);
const END_LIMIT: Duration = Duration::from_secs(30);

/// What every system that `PostgreSQL` runs on has.
const SHELL: &str = "/bin/sh";

/// A script that hears when this process ends: its standard input ends then. It is called by this name among processes.
pub(crate) fn shell(script: &str, name: &str) -> Command {
    let mut command = Command::new(SHELL);
    command
        .args(["-c", script, name])
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    command
}

/// A small process that outlives this one for a moment, to clean up a temporary folder.
///
/// It holds the reading end of a pipe. The kernel closes the writing end when this process ends in
/// whatever way, which neither destructors (statics have none) nor signal handlers could promise.
#[derive(Debug)]
pub(crate) struct Watchdog {
    process: Child,
    pipe: Option<ChildStdin>,
}

impl Watchdog {
    /// Makes a folder of its own for a temporary cluster, and watches over it.
    pub(crate) fn over_new_folder() -> Result<(PathBuf, Self), StartError> {
        let root = Path::new(ROOT);
        let folder = tempfile::Builder::new()
            .prefix("tallystick-")
            .tempdir_in(root)
            .and_then(|folder| fs::canonicalize(folder.path()).map(|path| (folder, path)))
            .map_err(StartError::folder("make a temporary folder in", root))?;
        let (folder, path) = folder;
        let watchdog = Self::start(&path)?;
        // From here on the watchdog removes it.
        drop(folder.keep());
        Ok((path, watchdog))
    }

    fn start(folder: &Path) -> Result<Self, StartError> {
        let mut process = shell(SCRIPT, "embedded-postgres-watchdog")
            .arg(folder)
            .spawn()
            .map_err(StartError::folder("run", Path::new(SHELL)))?;
        let pipe = process.stdin.take();
        Ok(Self { process, pipe })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let mut waited = Duration::ZERO;
        while matches!(self.process.try_wait(), Ok(None)) && waited < END_LIMIT {
            std::thread::sleep(POLL_INTERVAL);
            waited += POLL_INTERVAL;
        }
    }
}
