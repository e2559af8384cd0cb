//! Starting, watching and ending the binary.

mod answers;

use std::{
    fs::{self, File, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::{Duration, Instant},
};

use reqwest::{Client, RequestBuilder};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tempfile::TempDir;

pub(crate) use self::answers::{id_of, invoice, text_of};

/// Nothing here takes that long; a test that waits for it has failed.
pub(crate) const LIMIT: Duration = Duration::from_mins(1);
pub(crate) const POLL: Duration = Duration::from_millis(20);

/// A folder with data, and how the binary is run on it. What still runs on it ends with it.
pub(crate) struct Place {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// A server that runs.
pub(crate) struct Server {
    child: Child,
    data_dir: PathBuf,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Self {
        // As root the server runs PostgreSQL as another user, who has to be able to enter.
        let open = Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new().permissions(open).tempdir();
        let mut place = Self {
            folder: folder.unwrap(),
            variables: Vec::new(),
        };
        let data_dir = place.data_dir().to_str().unwrap().to_owned();
        place = place.with("DATA_DIR", &data_dir);
        place
            .with("HTTP__HOST", "127.0.0.1")
            .with("HTTP__PORT", "0")
            .with("GRPC__HOST", "127.0.0.1")
            .with("GRPC__PORT", "0")
            .with("MANAGEMENT__PORT", "0")
            .with("LOG__FORMAT", "json")
    }

    /// Sets `TALLYSTICK_<name>`.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables
            .push((format!("TALLYSTICK_{name}"), value.to_owned()));
        self
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary with these arguments, in this place, and nothing of the tester's own configuration.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tallystick"));
        for (name, _) in inherited() {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Starts the server, without waiting for anything.
    pub(crate) fn launch(&self) -> Server {
        let (stdout, stderr) = (self.path("stdout"), self.path("stderr"));
        let mut command = self.command(&["serve"]);
        command
            .stdout(File::create(&stdout).unwrap())
            .stderr(File::create(&stderr).unwrap());
        Server {
            child: command.spawn().unwrap(),
            data_dir: self.data_dir(),
            stdout,
            stderr,
        }
    }

    /// Starts the server, and waits until it is ready.
    pub(crate) async fn start(&self) -> Server {
        let mut server = self.launch();
        server.wait_until_ready().await;
        server
    }

    /// The postmaster that runs on the data folder.
    pub(crate) fn postmaster(&self) -> Option<Pid> {
        let note = self.data_dir().join("postgres/postmaster.pid");
        let text = fs::read_to_string(note).ok()?;
        let pid = Pid::from_raw(text.lines().next()?.parse().ok()?)?;
        test_kill_process(pid).is_ok().then_some(pid)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(pid) = self.postmaster() {
            let _ = kill_process(pid, Signal::QUIT);
            wait_while(|| test_kill_process(pid).is_ok());
        }
    }
}

impl Server {
    pub(crate) async fn wait_until_ready(&mut self) {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the server ended ({status}):\n{}", self.log());
            }
            if self.api_address().is_some() && self.is_ready().await {
                return;
            }
            assert!(began.elapsed() < LIMIT, "not ready:\n{}", self.log());
            tokio::time::sleep(POLL).await;
        }
    }

    /// Whether it answers, and says that it is ready.
    pub(crate) async fn is_ready(&self) -> bool {
        let answer = self.get("/health/ready").send().await;
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    /// Waits until it says that it is not ready any more, while it still answers.
    pub(crate) async fn wait_until_not_ready(&self) {
        let began = Instant::now();
        while self.get("/health/ready").send().await.unwrap().status() != 503 {
            assert!(began.elapsed() < LIMIT, "still ready:\n{}", self.log());
            tokio::time::sleep(POLL).await;
        }
    }

    pub(crate) fn api_address(&self) -> Option<String> {
        let text = fs::read_to_string(self.data_dir.join("http-address")).ok()?;
        text.ends_with('\n').then(|| text.trim().to_owned())
    }

    pub(crate) fn management_url(&self, path: &str) -> String {
        let text = fs::read_to_string(self.data_dir.join("management-address")).unwrap();
        format!("http://{}{path}", text.trim())
    }

    pub(crate) fn key(&self) -> String {
        let text = fs::read_to_string(self.data_dir.join("api-key")).unwrap();
        text.trim().to_owned()
    }

    /// A request without a key.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        let address = self.api_address().unwrap();
        client().get(format!("http://{address}{path}"))
    }

    /// A request with the first key.
    pub(crate) fn get_with_key(&self, path: &str) -> RequestBuilder {
        self.get(path).bearer_auth(self.key())
    }

    pub(crate) async fn create_invoice(&self) -> String {
        let address = self.api_address().unwrap();
        let request = client()
            .post(format!("http://{address}/api/v1/invoices"))
            .bearer_auth(self.key())
            .json(&invoice());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 201);
        id_of(answer).await
    }

    /// What is at a path.
    pub(crate) async fn json_of(&self, path: &str) -> serde_json::Value {
        let answer = self.get_with_key(path).send().await.unwrap();
        answer.json().await.unwrap()
    }

    pub(crate) async fn has_invoice(&self, id: &str) -> bool {
        let path = format!("/api/v1/invoices/{id}");
        self.get_with_key(&path).send().await.unwrap().status() == 200
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Waits until the process has ended.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < LIMIT, "still running:\n{}", self.log());
            std::thread::sleep(POLL);
        }
    }

    /// Ends it in order.
    pub(crate) fn stop(mut self, signal: Signal) {
        self.signal(signal);
        let status = self.wait();
        assert_eq!(status.code(), Some(0), "{}", self.log());
    }

    /// Ends it in order, and gives all that it has logged.
    pub(crate) fn log_after_stop(mut self) -> String {
        self.signal(Signal::TERM);
        self.wait();
        self.log()
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.stderr).unwrap_or_default()
    }

    /// What it has printed so far.
    pub(crate) fn printed(&self) -> String {
        fs::read_to_string(&self.stdout).unwrap_or_default()
    }

    /// Waits until a text is in the log.
    pub(crate) fn wait_for_log(&mut self, text: &str) {
        let began = Instant::now();
        while !self.log().contains(text) {
            assert!(self.child.try_wait().unwrap().is_none(), "{}", self.log());
            assert!(began.elapsed() < LIMIT, "no `{text}` in:\n{}", self.log());
            std::thread::sleep(POLL);
        }
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the tester has configured for servers of their own.
#[expect(
    clippy::disallowed_methods,
    reason = "tests start without the tester's configuration"
)]
fn inherited() -> impl Iterator<Item = (String, String)> {
    let ours = |(name, _): &(String, String)| {
        name.starts_with("TALLYSTICK_") && name != "TALLYSTICK_PG_BIN"
    };
    std::env::vars().filter(ours)
}

pub(crate) fn client() -> Client {
    // The first test decides; all want the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().timeout(LIMIT).build().unwrap()
}

pub(crate) fn wait_while(condition: impl Fn() -> bool) {
    let began = Instant::now();
    while condition() && began.elapsed() < LIMIT {
        std::thread::sleep(POLL);
    }
}

pub(crate) fn mode_of(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
