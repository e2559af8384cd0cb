//! The server under judgement: the debug binary in embedded mode, on free ports, in a folder of its own.

use std::{
    env,
    fs::{self, DirBuilder, File},
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};

use crate::process;

const READY_WITHIN: Duration = Duration::from_mins(1);
/// The server's own drain time, and some more.
const STOPPED_WITHIN: Duration = Duration::from_secs(45);
const POLL_EVERY: Duration = Duration::from_millis(50);
const LOG_LINES_SHOWN: usize = 40;

/// A running server. Dropping it stops it and removes its data.
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
    grpc_address: SocketAddr,
    folder: PathBuf,
    log: PathBuf,
}

impl Server {
    /// Starts `binary` and waits until it is ready. Its log goes to `<work>/server.log`.
    pub(super) fn start(binary: &Path, work: &Path) -> anyhow::Result<Self> {
        let folder = open_folder()?;
        let log = work.join("server.log");
        let (address, grpc_address) = (free_address()?, free_address()?);
        let child = command(binary, &folder, [address, grpc_address])?
            .stdout(File::create(&log)?)
            .stderr(File::options().append(true).open(&log)?)
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let mut server = Self {
            child,
            address,
            grpc_address,
            folder,
            log,
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// Where it listens, as a URL without a path.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where gRPC listens.
    pub(super) fn grpc_address(&self) -> String {
        self.grpc_address.to_string()
    }

    /// The key that the first start has made.
    pub(super) fn api_key(&self) -> anyhow::Result<String> {
        let path = self.api_key_file();
        let key =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(key.trim().to_owned())
    }

    /// Where that key is kept.
    pub(super) fn api_key_file(&self) -> PathBuf {
        data_folder(&self.folder).join("api-key")
    }

    /// Asks it to end; it must do so in time and with exit code 0.
    pub(super) fn stop(mut self) -> anyhow::Result<()> {
        let status = self.terminate()?;
        ensure!(
            status.success(),
            "after SIGTERM the server ended with {status}:\n{}",
            self.last_words()
        );
        Ok(())
    }

    fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let started = Instant::now();
        while started.elapsed() < READY_WITHIN {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}:\n{}", self.last_words());
            }
            if answers_ok(self.address, "/health/ready").unwrap_or(false) {
                return Ok(());
            }
            thread::sleep(POLL_EVERY);
        }
        bail!(
            "the server was not ready within {} s:\n{}",
            READY_WITHIN.as_secs(),
            self.last_words()
        );
    }

    fn terminate(&mut self) -> anyhow::Result<ExitStatus> {
        if let Some(status) = self.child.try_wait()? {
            return Ok(status);
        }
        let pid = self.child.id().to_string();
        process::run(Command::new("sh").args(["-c", "kill -TERM \"$0\"", &pid]))?;
        let started = Instant::now();
        while started.elapsed() < STOPPED_WITHIN {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            thread::sleep(POLL_EVERY);
        }
        bail!(
            "the server did not end within {} s of SIGTERM:\n{}",
            STOPPED_WITHIN.as_secs(),
            self.last_words()
        );
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGTERM first: a server that is killed cannot stop its PostgreSQL.
        if self.terminate().is_err() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn command(binary: &Path, folder: &Path, addresses: [SocketAddr; 2]) -> anyhow::Result<Command> {
    let mut command = Command::new(binary);
    for (name, _) in env::vars_os() {
        // Whatever the user has configured for their own server does not belong into the judgement.
        let name_text = name.to_string_lossy();
        if name_text.starts_with("TALLYSTICK_") && name_text != "TALLYSTICK_PG_BIN" {
            command.env_remove(&name);
        }
    }
    let [http, grpc] = addresses.map(|address| address.port().to_string());
    command
        .arg("serve")
        .current_dir(folder)
        .stdin(Stdio::null())
        .env("TALLYSTICK_DATA_DIR", data_folder(folder))
        .env("TALLYSTICK_HTTP__PORT", http)
        .env("TALLYSTICK_GRPC__PORT", grpc)
        .env(
            "TALLYSTICK_MANAGEMENT__PORT",
            free_address()?.port().to_string(),
        )
        // Limits have tests of their own; here they would only hide other answers behind a 429.
        .env("TALLYSTICK_RATE_LIMIT__REQUESTS_PER_SECOND", "100000")
        .env("TALLYSTICK_RATE_LIMIT__BURST", "100000")
        .env("TALLYSTICK_RATE_LIMIT__BAD_KEYS_PER_SECOND", "100000");
    Ok(command)
}

fn data_folder(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// A new folder that other users can enter: as root the server runs PostgreSQL as another user.
fn open_folder() -> anyhow::Result<PathBuf> {
    let folder = env::temp_dir().join(format!("tallystick-contract-{}", std::process::id()));
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o755);
    builder
        .create(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?)
}

fn answers_ok(address: SocketAddr, path: &str) -> std::io::Result<bool> {
    let limit = Duration::from_secs(2);
    let mut connection = TcpStream::connect_timeout(&address, limit)?;
    connection.set_read_timeout(Some(limit))?;
    write!(
        connection,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}
