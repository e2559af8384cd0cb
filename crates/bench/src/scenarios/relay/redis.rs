//! A Redis that events go through, as a deployment would have it, but for the disk.

use std::{
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use tempfile::TempDir;
use tokio::net::UnixStream;

use crate::service::GuardedChild;

const READY_WITHIN: Duration = Duration::from_secs(30);
const POLL_EVERY: Duration = Duration::from_millis(5);

/// Ends when it is dropped.
pub(super) struct Redis {
    folder: TempDir,
    _child: GuardedChild,
}

impl Redis {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("tallystick-bench-redis-")
            .tempdir_in("/tmp")?;
        let process = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no"])
            .arg("--unixsocket")
            .arg(folder.path().join("socket"))
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot run redis-server")?;
        let redis = Self {
            _child: GuardedChild::new(process)?,
            folder,
        };
        let began = Instant::now();
        while UnixStream::connect(redis.socket()).await.is_err() {
            ensure!(began.elapsed() < READY_WITHIN, "Redis does not start");
            tokio::time::sleep(POLL_EVERY).await;
        }
        Ok(redis)
    }

    pub(super) fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }
}
