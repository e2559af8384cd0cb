//! A child process that never outlives this one.

use std::{
    io,
    os::unix::process::CommandExt as _,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

/// Asks what it watches to end when its standard input does. Not SIGKILL: the service has a database to stop.
const SCRIPT: &str =
    "trap '' HUP INT TERM; while read -r _; do :; done; kill -TERM \"$1\" 2>/dev/null";

const ENDED_WITHIN: Duration = Duration::from_secs(45);
const POLL_EVERY: Duration = Duration::from_millis(5);

/// A child and its watchdog: a small shell that outlives this process for a moment, since destructors do not run in one
/// that is killed.
#[derive(Debug)]
pub(crate) struct GuardedChild {
    process: Child,
    watchdog: Child,
}

impl GuardedChild {
    pub(crate) fn new(mut process: Child) -> io::Result<Self> {
        let watchdog = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "tallystick-bench-watchdog"])
            .arg(process.id().to_string())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        match watchdog {
            Ok(watchdog) => Ok(Self { process, watchdog }),
            Err(error) => {
                process.kill()?;
                process.wait()?;
                Err(error)
            }
        }
    }

    pub(super) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// How it ended, if it has.
    pub(super) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.process.try_wait()
    }

    fn end(&mut self) -> io::Result<()> {
        if self.process.try_wait()?.is_some() {
            return Ok(());
        }
        kill_process(Pid::from_child(&self.process), Signal::TERM)?;
        let begun = Instant::now();
        while begun.elapsed() < ENDED_WITHIN {
            if self.process.try_wait()?.is_some() {
                return Ok(());
            }
            thread::sleep(POLL_EVERY);
        }
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for GuardedChild {
    /// Ends the child in order; waits for it.
    fn drop(&mut self) {
        // Before its input ends, so that it does not bite.
        let _ = self.watchdog.kill();
        let _ = self.watchdog.wait();
        if let Err(error) = self.end() {
            eprintln!("cannot end process {}: {error}", self.process.id());
        }
    }
}
