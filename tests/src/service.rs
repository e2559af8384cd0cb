//! The service under test: the binary, running.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Child, ExitStatus, Stdio},
};

use embedded_postgres::testing::Watchdog;
use reqwest::Method;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{
    binary, client::Client, database::Database, generator::Generator, report, wait::eventually,
};

const LOG_LINES_SHOWN: usize = 40;

/// How a service is to run.
#[derive(Debug, Clone)]
pub struct Setup {
    database: Database,
    settings: BTreeMap<String, String>,
    roles: Vec<&'static str>,
    /// Where it listens, unless it takes a free port.
    address: Option<SocketAddr>,
    /// The binary, unless it is the one under test.
    binary: Option<PathBuf>,
}

impl Setup {
    /// On a database, on free ports of this machine, without limits that tests reach by their number, and without sweeps and
    /// reviews that some of them would not expect.
    pub fn on(database: &Database) -> Self {
        let setup = Self {
            database: database.clone(),
            settings: database.addresses(),
            roles: ["api", "relay", "scheduler", "webhooks"]
                .into_iter()
                .flat_map(role)
                .collect(),
            address: None,
            binary: None,
        };
        setup
            .with("HTTP__HOST", "127.0.0.1")
            .with("HTTP__PORT", 0)
            .with("GRPC__HOST", "127.0.0.1")
            .with("GRPC__PORT", 0)
            .with("MANAGEMENT__HOST", "127.0.0.1")
            .with("MANAGEMENT__PORT", 0)
            .with("LOG__FORMAT", "json")
            .with("RATE_LIMIT__REQUESTS_PER_SECOND", 1_000_000)
            .with("RATE_LIMIT__BURST", 1_000_000)
            .with("RATE_LIMIT__BAD_KEYS_PER_SECOND", 1_000_000)
            .with("SCHEDULER__OVERDUE_INTERVAL_S", 86_400)
    }

    /// The same with a setting: `HTTP__PORT` is the variable `TALLYSTICK_HTTP__PORT`.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and texts are given as they are"
    )]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.settings
            .insert(format!("TALLYSTICK_{name}"), value.to_string());
        self
    }

    /// The same with webhooks that reach receivers on this machine.
    #[must_use]
    pub fn reaching_home(self) -> Self {
        self.with("WEBHOOKS__ALLOW_HTTP", true)
            .with("WEBHOOKS__ALLOWED_NETWORKS", "127.0.0.0/8")
    }

    /// The same on a port that stays free while it is down, so that clients find it where it was.
    #[must_use]
    pub fn on_a_lasting_port(self) -> Self {
        let port = free_port();
        Self {
            address: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port))),
            ..self.with("HTTP__PORT", port)
        }
    }

    /// The same by another binary, such as that of an earlier release.
    #[must_use]
    pub fn by(self, binary: PathBuf) -> Self {
        Self {
            binary: Some(binary),
            ..self
        }
    }

    /// The same in this role only.
    #[must_use]
    pub fn in_role(mut self, role: &'static str) -> Self {
        self.roles = self::role(role).into();
        self
    }

    /// The same with another role besides.
    #[must_use]
    pub fn and_role(mut self, role: &'static str) -> Self {
        self.roles.extend(self::role(role));
        self
    }

    /// Starts it, and waits until it is ready.
    pub async fn start(self) -> Service {
        let folder = tempfile::Builder::new()
            .prefix("tallystick-service-")
            .tempdir_in("/tmp");
        let folder = folder.expect("a temporary folder can be made");
        let log = File::create(folder.path().join("log")).expect("the folder is ours");
        let process = binary::command_of(self.binary.as_deref())
            .arg("serve")
            .args(&self.roles)
            .current_dir(folder.path())
            .env("TALLYSTICK_DATA_DIR", folder.path())
            .envs(&self.settings)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file can be opened twice"))
            .stderr(log)
            .process_group(0)
            .spawn()
            .expect("the binary can be run");
        let watchdog = Watchdog::over(&process, folder.path()).expect("there is a shell");
        let mut service = Service {
            watchdog: Some(watchdog),
            process,
            folder,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            setup: self,
        };
        service.address = service.become_ready().await;
        service
    }
}

/// A port that no client's end of a connection takes meanwhile: these are from 32768 (Linux) or higher.
pub(crate) fn free_port() -> u16 {
    let mut dice = Generator::default();
    let mut ports = std::iter::repeat_with(|| u16::try_from(10_000 + dice.below(20_000)));
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    ports
        .find_map(|port| port.ok().filter(is_free))
        .expect("there are free ports")
}

fn role(name: &'static str) -> [&'static str; 2] {
    ["--role", name]
}

/// The file that tells where the management listens.
const MANAGEMENT: &str = "management-address";

/// A running service. Dropping it kills it.
#[derive(Debug)]
pub struct Service {
    process: Child,
    watchdog: Option<Watchdog>,
    folder: TempDir,
    address: SocketAddr,
    setup: Setup,
}

impl Service {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its database.
    pub fn database(&self) -> &Database {
        &self.setup.database
    }

    /// How it runs.
    pub fn setup(&self) -> Setup {
        self.setup.clone()
    }

    /// What it counts, in the words of Prometheus.
    pub async fn metrics(&self) -> String {
        let address = self.address_in(MANAGEMENT);
        let address = address.expect("its management listens before it is ready");
        let answer = Client::to(address).call(Method::GET, "/metrics").await;
        answer.text()
    }

    /// A client without a key.
    pub fn stranger(&self) -> Client {
        Client::to(self.address)
    }

    /// Kills it by SIGKILL, as a crash would end it.
    pub fn kill(mut self) {
        self.end();
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).expect("it is our child");
    }

    /// Waits until it has ended by itself.
    pub async fn ended(mut self) -> ExitStatus {
        let process = &mut self.process;
        eventually("the service ends", async || {
            process.try_wait().ok().flatten()
        })
        .await
    }

    /// Where it answers gRPC.
    pub fn grpc_address(&self) -> SocketAddr {
        let address = self.address_in("grpc-address");
        address.expect("it answers gRPC before it is ready")
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The value of a metric without labels, once it is told.
    pub async fn metric(&self, name: &str) -> Option<f64> {
        let address = fs::read_to_string(self.folder.path().join("management-address")).ok()?;
        let url = format!("http://{}/metrics", address.trim());
        let told = Client::plain().get(url).send().await.ok()?;
        let told = told.text().await.ok()?;
        let of_it = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
        told.lines().find_map(of_it)
    }

    async fn become_ready(&mut self) -> SocketAddr {
        let probes = Client::plain();
        eventually("the service is ready", async || {
            let ended = self.process.try_wait().ok().flatten();
            assert!(
                ended.is_none(),
                "the service ended, {ended:?}:
{}",
                self.last_words()
            );
            let address = self.setup.address.or_else(|| self.written_address())?;
            let probe = probes
                .get(format!("http://{address}/health/ready"))
                .send()
                .await;
            probe
                .is_ok_and(|answer| answer.status().is_success())
                .then_some(address)
        })
        .await
    }

    /// What it notes when it has taken a free port: that of the API, or in another role that of the management.
    fn written_address(&self) -> Option<SocketAddr> {
        let has_api = self.setup.roles.is_empty() || self.setup.roles.contains(&"api");
        self.address_in(if has_api { "http-address" } else { MANAGEMENT })
    }

    fn address_in(&self, file: &str) -> Option<SocketAddr> {
        let text = fs::read_to_string(self.folder.path().join(file)).ok()?;
        text.trim().parse().ok()
    }

    fn last_words(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n")
    }

    fn end(&mut self) {
        let _ = self.process.kill();
        self.watchdog = None;
        let _ = self.process.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "--- the last lines of the service's log ---\n{}",
                self.last_words()
            );
        }
        report::write();
        self.end();
    }
}
