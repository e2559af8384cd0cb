//! A Kafka that events go through: one process that is both server and controller.

use std::{
    fs,
    net::TcpListener,
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::service::GuardedChild;

/// Where `cargo xtask bench` puts Kafka's jars, below the top of the repository.
const JARS: &str = ".cache/kafka";
const READY_WITHIN: Duration = Duration::from_mins(1);
const POLL_EVERY: Duration = Duration::from_millis(20);

/// Ends when it is dropped.
pub(super) struct Kafka {
    _folder: TempDir,
    _child: GuardedChild,
    address: String,
}

impl Kafka {
    /// Starts one; none where there are no jars.
    pub(super) async fn start() -> anyhow::Result<Option<Self>> {
        let jars = Path::new(JARS);
        if !jars.is_dir() {
            return Ok(None);
        }
        let jars = jars.canonicalize()?;
        let folder = tempfile::Builder::new()
            .prefix("tallystick-bench-kafka-")
            .tempdir_in("/tmp")?;
        let address = format!("127.0.0.1:{}", free_port()?);
        let settings = settings(folder.path(), &address, free_port()?);
        fs::write(folder.path().join("server.properties"), settings)?;
        let formatted = java(&jars, folder.path(), "kafka.tools.StorageTool")
            .args(["format", "--cluster-id", "MkU3OEVBNTcwNTJENDM2Qg"])
            .args(["--config", "server.properties"])
            .status()
            .context("cannot run java")?;
        ensure!(formatted.success(), "Kafka's folder cannot be formatted");
        let process = java(&jars, folder.path(), "kafka.Kafka")
            .arg("server.properties")
            .process_group(0)
            .spawn()
            .context("cannot run java")?;
        let kafka = Self {
            _child: GuardedChild::new(process)?,
            _folder: folder,
            address,
        };
        let began = Instant::now();
        while TcpStream::connect(&kafka.address).await.is_err() {
            ensure!(began.elapsed() < READY_WITHIN, "Kafka does not start");
            tokio::time::sleep(POLL_EVERY).await;
        }
        Ok(Some(kafka))
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

fn java(jars: &Path, folder: &Path, class: &str) -> Command {
    let mut java = Command::new("java");
    java.args(["-Xmx512m", "-cp"])
        .arg(jars.join("*"))
        .arg(class)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    java
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn settings(folder: &Path, address: &str, controller: u16) -> String {
    let data = folder.join("data");
    format!(
        "\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://{address},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://{address}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
",
        data.display()
    )
}
