//! A private Redis.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::net::UnixStream;

use crate::{wait::eventually, watchdog::Watchdog};

/// A Redis on a socket of its own, which remembers nothing across a restart. Dropping it ends it.
#[derive(Debug)]
pub struct Redis {
    folder: TempDir,
    process: Option<(Watchdog, Child)>,
}

impl Redis {
    /// Starts one.
    pub async fn start() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("tallystick-redis-")
            .tempdir_in("/tmp");
        let mut redis = Self {
            folder: folder.expect("a temporary folder can be made"),
            process: None,
        };
        redis.come_back().await;
        redis
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// Kills it (SIGKILL): connections break, contents are gone.
    pub fn kill(&mut self) {
        if let Some((watchdog, mut process)) = self.process.take() {
            let _ = process.kill();
            drop(watchdog);
            let _ = process.wait();
        }
    }

    /// Lets it answer nobody any more, without a connection breaking.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    /// Asks it something behind the back of the service.
    pub fn ask<T: redis::FromRedisValue>(&self, command: &[&str]) -> T {
        let client = redis::Client::open(self.url()).expect("an address");
        let mut connection = client.get_connection().expect("it is there");
        let (name, arguments) = command.split_first().expect("a command");
        let mut asked = redis::cmd(name);
        asked.arg(arguments);
        asked.query(&mut connection).expect("it answers")
    }

    fn signal(&self, signal: Signal) {
        let (_, process) = self.process.as_ref().expect("it runs");
        kill_process(Pid::from_child(process), signal).expect("it is our child");
    }

    /// Starts it again, empty, at the same address.
    pub async fn come_back(&mut self) {
        self.kill();
        let process = Command::new("redis-server")
            .args([
                "--port",
                "0",
                "--save",
                "",
                "--appendonly",
                "no",
                "--unixsocket",
            ])
            .arg(self.socket())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server is installed");
        self.process = Some((Watchdog::over(&process, &self.folder), process));
        let socket = self.socket();
        eventually("Redis accepts connections", async || {
            UnixStream::connect(&socket).await.ok()
        })
        .await;
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
