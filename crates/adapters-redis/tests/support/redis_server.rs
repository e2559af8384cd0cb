//! A private Redis: on a Unix socket in a temporary folder, with nothing on disk.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use adapters_redis::{RedisOptions, RedisPool};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(10);
/// Says the id of the server that it starts, and ends it when its own input ends: also when the test is killed.
const KEEPER: &str = r#"redis-server "$@" >/dev/null 2>&1 </dev/null & echo $!; read _; kill -9 $! 2>/dev/null; wait"#;

/// Ends when it is dropped.
pub(crate) struct RedisServer {
    folder: TempDir,
    running: Running,
}

struct Running {
    keeper: Child,
    server: Pid,
}

impl Running {
    fn on(socket: &PathBuf) -> Self {
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "sh", "--port", "0", "--unixsocket"])
            .arg(socket)
            .args(["--save", "", "--appendonly", "no", "--databases", "1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let said = keeper.stdout.take().expect("piped");
        let mut line = String::new();
        BufReader::new(said).read_line(&mut line).expect("an id");
        let id = line.trim().parse().expect("a number");
        let server = Pid::from_raw(id).expect("an id");
        Self { keeper, server }
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.server, signal).expect("the server is there");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().expect("the keeper ends");
    }
}

impl RedisServer {
    /// Starts one, and waits until it answers.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let running = Running::on(&folder.path().join("redis.sock"));
        let server = Self { folder, running };
        server.wait_until_it_answers();
        server
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        let socket = self.folder.path().join("redis.sock");
        format!("redis+unix://{}", socket.display())
    }

    /// Connections to it, with the deadlines of the defaults.
    pub(crate) fn pool(&self) -> RedisPool {
        RedisPool::open(RedisOptions::new(self.url())).expect("an address")
    }

    /// `kill -9`, and nothing in its place.
    pub(crate) fn kill(&self) {
        self.running.signal(Signal::KILL);
        wait_until("the server is gone", || self.connection().is_err());
    }

    /// A new one in the place of one that was killed: empty.
    pub(crate) fn start_again(&mut self) {
        let socket = self.folder.path().join("redis.sock");
        std::fs::remove_file(&socket).expect("the old socket");
        self.running = Running::on(&socket);
        self.wait_until_it_answers();
    }

    /// It goes on listening, and never answers: SIGSTOP.
    pub(crate) fn freeze(&self) {
        self.running.signal(Signal::STOP);
    }

    /// It goes on where it was: SIGCONT.
    pub(crate) fn thaw(&self) {
        self.running.signal(Signal::CONT);
    }

    /// A connection of the test's own.
    pub(crate) fn connection(&self) -> redis::RedisResult<redis::Connection> {
        redis::Client::open(self.url())?.get_connection_with_timeout(PATIENCE)
    }

    /// Asks it behind the back of what is tested.
    pub(crate) fn ask<T: redis::FromRedisValue>(&self, command: &[&str]) -> T {
        let (name, arguments) = command.split_first().expect("a command");
        let mut connection = self.connection().expect("a connection");
        let mut asked = redis::cmd(name);
        asked.arg(arguments);
        asked.query(&mut connection).expect("an answer")
    }

    fn wait_until_it_answers(&self) {
        wait_until("the server answers", || {
            let Ok(mut connection) = self.connection() else {
                return false;
            };
            redis::cmd("PING").query::<()>(&mut connection).is_ok()
        });
    }
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Waits until something is so, and lets the rest of the runtime go on meanwhile.
pub(crate) async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !is_so().await {
        assert!(started.elapsed() < PATIENCE, "never: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
