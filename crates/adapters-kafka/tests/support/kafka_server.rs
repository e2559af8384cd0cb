//! A private Kafka: one process that is both server and controller, on ports of its own, with its data in a temporary folder.

use std::{
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    io::{BufRead, BufReader},
    net::TcpListener,
    ops::Range,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Where `cargo xtask test` puts Kafka's jars, below the top of the repository.
const JARS: &str = ".cache/kafka";
const PATIENCE: Duration = Duration::from_mins(2);
/// Says the id of the server that it starts, and ends it when its own input ends: also when the test is killed.
const KEEPER: &str =
    r#"java "$@" >>"$LOG_FILE" 2>&1 </dev/null & echo $!; read _; kill -9 $! 2>/dev/null; wait"#;
/// Below those that Linux gives to whoever connects, and not among those that the tests of the service listen on.
const PORTS: Range<u16> = 30_000..31_000;
/// As far behind the server's own port.
const CONTROLLER: u16 = 1_000;
const LOGGING: &str = "\
log4j.rootLogger=WARN, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=%d %p %c %m%n
";

/// Ends when it is dropped.
pub(crate) struct KafkaServer {
    folder: TempDir,
    jars: PathBuf,
    port: u16,
    running: Option<Running>,
}

struct Running {
    keeper: Child,
    server: Pid,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().expect("the keeper ends");
    }
}

impl KafkaServer {
    /// Starts one, and waits until it answers. None where there is no Java or no Kafka.
    pub(crate) fn start() -> Option<Self> {
        let has_java = Command::new("java").arg("-version").output().is_ok();
        let jars = jars().filter(|_| has_java)?;
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        fs::write(folder.path().join("log4j.properties"), LOGGING).expect("written");
        let properties = properties(folder.path(), port);
        fs::write(folder.path().join("server.properties"), properties).expect("written");
        let mut server = Self {
            folder,
            jars,
            port,
            running: None,
        };
        server.format();
        server.start_again();
        Some(server)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// `kill -9`, and nothing in its place.
    pub(crate) fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            kill_process(running.server, Signal::KILL).expect("the server is there");
        }
    }

    /// Starts it where it was, with what it has kept, and waits until it answers.
    pub(crate) fn start_again(&mut self) {
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "sh"])
            .args(self.java("kafka.Kafka"))
            .arg(self.path("server.properties"))
            .env("LOG_FILE", self.path("server.log"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut line = String::new();
        let mut said = BufReader::new(keeper.stdout.take().expect("piped"));
        said.read_line(&mut line).expect("an id");
        let server = Pid::from_raw(line.trim().parse().expect("a number")).expect("an id");
        self.running = Some(Running { keeper, server });
        self.wait_until_it_listens();
    }

    fn format(&self) {
        let formatted = Command::new("java")
            .args(self.java("kafka.tools.StorageTool"))
            .args([
                "format",
                "--cluster-id",
                "MkU3OEVBNTcwNTJENDM2Qg",
                "--config",
            ])
            .arg(self.path("server.properties"))
            .output()
            .expect("java");
        let said = String::from_utf8_lossy(&formatted.stderr).into_owned();
        assert!(formatted.status.success(), "{said}");
    }

    fn java(&self, class: &str) -> Vec<String> {
        let logging = self.path("log4j.properties");
        vec![
            "-Xmx384m".to_owned(),
            "-XX:TieredStopAtLevel=1".to_owned(),
            format!("-Dlog4j.configuration=file:{}", logging.display()),
            "-cp".to_owned(),
            format!("{}/*", self.jars.display()),
            class.to_owned(),
        ]
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn wait_until_it_listens(&self) {
        let started = Instant::now();
        while std::net::TcpStream::connect(self.address()).is_err() {
            let log = || fs::read_to_string(self.path("server.log")).unwrap_or_default();
            assert!(started.elapsed() < PATIENCE, "never listens: {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn jars() -> Option<PathBuf> {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    folders.map(|it| it.join(JARS)).find(|it| it.is_dir())
}

/// One of those that are never given to whoever connects to something: it must still be free when the server that was killed is
/// started again. So must the controller's.
fn free_port() -> u16 {
    let can_listen = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let is_free = |port: &u16| can_listen(*port) && can_listen(*port + CONTROLLER);
    let anywhere = RandomState::new().build_hasher().finish() % u64::from(PORTS.end - PORTS.start);
    let first = PORTS.start + u16::try_from(anywhere).expect("less than a port");
    let found = (first..PORTS.end).chain(PORTS.start..first).find(is_free);
    found.expect("a free port")
}

fn properties(folder: &Path, port: u16) -> String {
    let data = folder.join("data");
    let controller = port + CONTROLLER;
    format!(
        "\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=4194304
",
        data.display()
    )
}
