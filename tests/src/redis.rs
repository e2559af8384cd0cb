//! A private Redis.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use embedded_postgres::testing::Watchdog;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::net::UnixStream;

use crate::{
    authority::{Authority, Certified},
    service::free_port,
    wait::eventually,
};

/// A Redis on a socket of its own, which remembers nothing across a restart. Dropping it ends it.
#[derive(Debug)]
pub struct Redis {
    folder: TempDir,
    /// The port that it speaks TLS on, with these files: its certificate, its key, and the authority's.
    tls: Option<(u16, [PathBuf; 3])>,
    process: Option<(Watchdog, Child)>,
}

impl Redis {
    /// Starts one.
    pub async fn start() -> Self {
        let mut redis = Self::stopped();
        redis.come_back().await;
        redis
    }

    /// Starts one that speaks TLS besides, and shows this certificate of that authority.
    pub async fn encrypted(shown: &Certified, authority: &Authority) -> Self {
        let mut redis = Self::stopped();
        let [certificate, key] = shown.write_to(redis.folder.path(), "server");
        redis.tls = Some((free_port(), [certificate, key, authority.file()]));
        redis.come_back().await;
        redis
    }

    fn stopped() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("tallystick-redis-")
            .tempdir_in("/tmp");
        Self {
            folder: folder.expect("a temporary folder can be made"),
            tls: None,
            process: None,
        }
    }

    /// Its address by way of TLS.
    pub fn encrypted_url(&self, host: &str) -> String {
        let (port, _) = self.tls.as_ref().expect("it speaks TLS");
        format!("rediss://{host}:{port}")
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
        let mut command = Command::new("redis-server");
        if let Some((port, [certificate, key, authority])) = &self.tls {
            command
                .args(["--tls-auth-clients", "no", "--tls-port"])
                .arg(port.to_string())
                .arg("--tls-cert-file")
                .arg(certificate)
                .arg("--tls-key-file")
                .arg(key)
                .arg("--tls-ca-cert-file")
                .arg(authority);
        }
        let process = command
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
        let watchdog = Watchdog::over(&process, self.folder.path()).expect("there is a shell");
        self.process = Some((watchdog, process));
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
