//! The binary as it is shipped, running.

mod child;
mod tail;

use std::{
    ffi::OsString,
    fs,
    net::SocketAddr,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use tempfile::TempDir;

pub(crate) use self::child::GuardedChild;
use self::tail::Tail;
use crate::http::Client;

/// The setting that makes the service use a database that is there already.
pub(crate) const DATABASE_URL: &str = "TALLYSTICK_DATABASE__URL";

const READY_WITHIN: Duration = Duration::from_mins(1);
const POLL_EVERY: Duration = Duration::from_millis(1);
/// Slower than the limit for keys that are not known.
const KEY_POLL_EVERY: Duration = Duration::from_millis(100);

/// The binary, and what it needs to know of its surroundings. It inherits nothing else.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    binary: PathBuf,
    path: OsString,
    pg_bin: Option<PathBuf>,
}

/// A service that is ready. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Service {
    child: GuardedChild,
    folder: TempDir,
    address: SocketAddr,
    took: Duration,
}

impl Program {
    /// The binary at a path; the other two as variables of the environment have them.
    pub(crate) fn new(binary: PathBuf, path: OsString, pg_bin: Option<PathBuf>) -> Self {
        Self {
            binary,
            path,
            pg_bin,
        }
    }

    /// Where it is.
    pub(crate) fn binary(&self) -> &Path {
        &self.binary
    }

    /// A command line of it.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.env_clear().env("PATH", &self.path);
        if let Some(folder) = &self.pg_bin {
            command.env("TALLYSTICK_PG_BIN", folder);
        }
        command
    }
}

impl Service {
    /// Starts the service with these settings (by the names of their variables) over its defaults, and waits until it is
    /// ready. Free ports, and limits that no generator reaches; everything else is what a deployment has, the log too.
    pub(crate) async fn start(
        program: &Program,
        settings: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        Self::start_in(&[], program, settings).await
    }

    /// The same in these roles only; in all of them if there are none.
    pub(crate) async fn start_in(
        roles: &[&str],
        program: &Program,
        settings: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        // Short, for sockets, and where PostgreSQL's user may go when we are root.
        let folder = tempfile::Builder::new()
            .prefix("tallystick-bench-")
            .tempdir_in("/tmp")?;
        let mut command = program.command();
        command
            .arg("serve")
            .args(roles.iter().flat_map(|role| ["--role", role]))
            .current_dir(folder.path())
            .env("TALLYSTICK_DATA_DIR", folder.path())
            .env("TALLYSTICK_HTTP__HOST", "127.0.0.1")
            .env("TALLYSTICK_HTTP__PORT", "0")
            .env("TALLYSTICK_GRPC__HOST", "127.0.0.1")
            .env("TALLYSTICK_GRPC__PORT", "0")
            .env("TALLYSTICK_MANAGEMENT__HOST", "127.0.0.1")
            .env("TALLYSTICK_MANAGEMENT__PORT", "0")
            .env("TALLYSTICK_RATE_LIMIT__REQUESTS_PER_SECOND", "1000000")
            .env("TALLYSTICK_RATE_LIMIT__BURST", "10000000")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0);
        let begun = Instant::now();
        let spawned = command.spawn();
        let mut process =
            spawned.with_context(|| format!("cannot run {}", program.binary.display()))?;
        let log = Tail::of(process.stderr.take().context("the log is not piped")?);
        let mut child = GuardedChild::new(process)?;
        let address = folder.path().join(address_file(roles));
        let address = become_ready(&mut child, &log, &address, begun).await?;
        Ok(Self {
            child,
            folder,
            address,
            took: begun.elapsed(),
        })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process id.
    pub(crate) fn process_id(&self) -> u32 {
        self.child.process_id()
    }

    /// How long it took from the start of the process to the first answer that it is ready.
    pub(crate) fn took(&self) -> Duration {
        self.took
    }

    /// The key that the first start in embedded mode makes right after it is ready.
    pub(crate) async fn first_key(&self) -> anyhow::Result<String> {
        let begun = Instant::now();
        while begun.elapsed() < READY_WITHIN {
            if let Some(key) = self.working_key().await {
                return Ok(key);
            }
            tokio::time::sleep(KEY_POLL_EVERY).await;
        }
        bail!("the first start made no key that works")
    }

    async fn working_key(&self) -> Option<String> {
        let key = fs::read_to_string(self.folder.path().join("api-key")).ok()?;
        let key = key.trim().to_owned();
        let mut client = Client::connect(self.address, Some(&key)).await.ok()?;
        let status = client.status("/api/v1/organization").await.ok()?;
        (status == 200).then_some(key)
    }
}

async fn become_ready(
    child: &mut GuardedChild,
    log: &Tail,
    address: &Path,
    begun: Instant,
) -> anyhow::Result<SocketAddr> {
    while begun.elapsed() < READY_WITHIN {
        if let Some(status) = child.ended()? {
            bail!("the service ended with {status}:\n{}", log.text());
        }
        if let Some(address) = ready_address(address).await {
            return Ok(address);
        }
        tokio::time::sleep(POLL_EVERY).await;
    }
    bail!(
        "the service was not ready within {} s:\n{}",
        READY_WITHIN.as_secs(),
        log.text()
    )
}

/// Where a service notes what port it has taken: that of the API, or in other roles that of the management.
fn address_file(roles: &[&str]) -> &'static str {
    if roles.is_empty() || roles.contains(&"api") {
        "http-address"
    } else {
        "management-address"
    }
}

async fn ready_address(file: &Path) -> Option<SocketAddr> {
    let address = fs::read_to_string(file).ok()?;
    let address = address.trim().parse().ok()?;
    let mut client = Client::connect(address, None).await.ok()?;
    let status = client.status("/health/ready").await.ok()?;
    (status == 200).then_some(address)
}
