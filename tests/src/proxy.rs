//! A private `HAProxy` in front of services.

use std::{
    fmt::Write as _,
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Child, Command, Stdio},
};

use embedded_postgres::testing::Watchdog;
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::{client::Client, service::free_port, wait::eventually};

/// Probes as the operations page tells: more often than a service pauses before it stops listening.
const SETTINGS: &str = "
defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    option redispatch
    retries 3
";

const PROBES: &str = "
backend services
    balance roundrobin
    option httpchk GET /health/ready
    http-check expect status 200
    default-server check inter 200ms fall 1 rise 1
";

/// A proxy that asks each service whether it is ready. Dropping it ends it.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    process: Child,
    watchdog: Option<Watchdog>,
    /// Removed last.
    _folder: TempDir,
}

impl Proxy {
    /// Starts one in front of services.
    pub async fn before(services: &[SocketAddr]) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("tallystick-proxy-")
            .tempdir_in("/tmp")
            .expect("a temporary folder can be made");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let file = folder.path().join("haproxy.cfg");
        fs::write(&file, configuration(address, services)).expect("the folder is ours");
        let process = Command::new(program())
            .args(["-q", "-db", "-f"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("haproxy is installed");
        let watchdog = Watchdog::over(&process, folder.path()).expect("there is a shell");
        let proxy = Self {
            address,
            watchdog: Some(watchdog),
            process,
            _folder: folder,
        };
        eventually("the proxy accepts connections", async || {
            TcpStream::connect(address).await.ok()
        })
        .await;
        proxy
    }

    /// A client without a key.
    pub fn stranger(&self) -> Client {
        Client::to(self.address)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        self.watchdog = None;
        let _ = self.process.wait();
    }
}

fn configuration(address: SocketAddr, services: &[SocketAddr]) -> String {
    let mut text = SETTINGS.to_owned();
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "\nfrontend clients\n    bind {address}\n    default_backend services\n{PROBES}"
    );
    for (number, service) in services.iter().enumerate() {
        let _ = writeln!(text, "    server service{number} {service}");
    }
    text
}

/// It is where administrators' programs are, which is not on every user's PATH.
fn program() -> &'static str {
    let usual = "/usr/sbin/haproxy";
    if Path::new(usual).is_file() {
        usual
    } else {
        "haproxy"
    }
}
