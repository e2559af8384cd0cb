//! The running `PostgreSQL` server process: our child, or one that an earlier process left behind.

use std::{
    ffi::OsString,
    io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ExitStatus},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{
    error::StopError,
    placement::Placement,
    process_table::{is_postmaster_of, number},
    server_log::ServerLog,
};

/// How often a process is asked whether it has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(10);
/// How long an immediate shutdown, or a kill, may take.
const IMMEDIATE_LIMIT: Duration = Duration::from_secs(10);
/// How long a postmaster that was dropped instead of stopped may take for a fast shutdown.
const DROP_LIMIT: Duration = Duration::from_secs(10);

/// A postmaster. Dropping it stops it, which blocks the thread until it has ended.
#[derive(Debug)]
pub(crate) struct Postmaster {
    pid: Pid,
    cluster: PathBuf,
    child: Option<Child>,
    state: State,
    disposable: bool,
}

#[derive(Debug)]
enum State {
    Running,
    Ended(Option<ExitStatus>),
}

impl Postmaster {
    /// Starts `postgres` in a process group of its own, so that Ctrl-C in the terminal reaches this
    /// process only, which then stops it in order.
    pub(crate) fn spawn(
        program: &Path,
        arguments: &[OsString],
        placement: &Placement,
        log: &ServerLog,
    ) -> io::Result<Self> {
        let cluster = placement.cluster();
        let child = placement
            .account()
            .command(program, &cluster)
            .args(arguments)
            .stdout(log.writer()?)
            .stderr(log.writer()?)
            .process_group(0)
            .spawn()?;
        Ok(Self {
            pid: Pid::from_child(&child),
            cluster,
            child: Some(child),
            state: State::Running,
            disposable: false,
        })
    }

    /// Takes over a postmaster that another process started on this cluster.
    pub(crate) fn adopt(pid: Pid, cluster: PathBuf) -> Self {
        Self {
            pid,
            cluster,
            child: None,
            state: State::Running,
            disposable: false,
        }
    }

    /// Says that its data are worth nothing: when dropped, it is stopped the quick way.
    pub(crate) fn set_disposable(&mut self, disposable: bool) {
        self.disposable = disposable;
    }

    pub(crate) fn pid(&self) -> u32 {
        number(self.pid)
    }

    pub(crate) fn is_adopted(&self) -> bool {
        self.child.is_none()
    }

    /// Whether it has ended. Once it has, its process id is never used again.
    pub(crate) fn has_ended(&mut self) -> bool {
        if let State::Ended(_) = self.state {
            return true;
        }
        let ended = match &mut self.child {
            Some(child) => child.try_wait().ok().flatten().map(Some),
            None => (!is_postmaster_of(self.pid, &self.cluster)).then_some(None),
        };
        if let Some(status) = ended {
            self.state = State::Ended(status);
            return true;
        }
        false
    }

    /// How it ended, in words.
    pub(crate) fn exit_status(&self) -> String {
        match &self.state {
            State::Ended(Some(status)) => status.to_string(),
            State::Ended(None) => "exit status unknown".to_owned(),
            State::Running => "still running".to_owned(),
        }
    }

    /// Fast shutdown: open transactions are rolled back, everything is written. After `limit` it
    /// is made to end at once, so that the next start has to recover.
    pub(crate) async fn shut_down(&mut self, limit: Duration) -> Result<(), StopError> {
        for (signal, limit) in escalation(Signal::INT, limit) {
            self.send(signal);
            if self.ends_within(limit).await {
                return Ok(());
            }
            tracing::warn!(
                pid = self.pid(),
                ?signal,
                "the postmaster takes too long to end"
            );
        }
        Err(StopError::StillRunning { pid: self.pid() })
    }

    /// SIGKILL, as a test of what survives it.
    pub(crate) async fn kill(&mut self) -> Result<(), StopError> {
        self.send(Signal::KILL);
        if self.ends_within(IMMEDIATE_LIMIT).await {
            return Ok(());
        }
        Err(StopError::StillRunning { pid: self.pid() })
    }

    fn send(&mut self, signal: Signal) {
        if self.has_ended() {
            return;
        }
        if let Err(error) = kill_process(self.pid, signal) {
            tracing::warn!(pid = self.pid(), ?signal, %error, "the postmaster cannot be signalled");
        }
    }

    async fn ends_within(&mut self, limit: Duration) -> bool {
        let ended = async {
            while !self.has_ended() {
                tokio::time::sleep(POLL_INTERVAL).await;
            }
        };
        tokio::time::timeout(limit, ended).await.is_ok()
    }

    fn ends_within_blocking(&mut self, limit: Duration) -> bool {
        let mut waited = Duration::ZERO;
        while !self.has_ended() && waited < limit {
            std::thread::sleep(POLL_INTERVAL);
            waited += POLL_INTERVAL;
        }
        self.has_ended()
    }
}

impl Drop for Postmaster {
    fn drop(&mut self) {
        let first = if self.disposable {
            Signal::QUIT
        } else {
            Signal::INT
        };
        for (signal, limit) in escalation(first, DROP_LIMIT) {
            self.send(signal);
            if self.ends_within_blocking(limit) {
                return;
            }
        }
    }
}

fn escalation(first: Signal, limit: Duration) -> [(Signal, Duration); 3] {
    [
        (first, limit),
        (Signal::QUIT, IMMEDIATE_LIMIT),
        (Signal::KILL, IMMEDIATE_LIMIT),
    ]
}
