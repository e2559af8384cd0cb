//! The image, started as it is meant to run: as nobody, without any right, on a root file system that takes no writes.
//! `cargo xtask image` builds it.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Command, Output},
};

use serde_json::Value;
use tests::{Client, Database, eventually, image_under_test, invoice};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener as AsyncListener, UnixStream},
};

/// Seals personal data; of no value.
const SEALING_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// What nobody needs, and what a container is not to have. Limits are given, since those that Podman takes by itself may
/// be more than this process may give.
const WITHOUT_RIGHTS: [&str; 8] = [
    "--read-only",
    "--read-only-tmpfs=false",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
    "--network=host",
    "--ulimit=nofile=4096:4096",
    "--ulimit=nproc=4096:4096",
    "--pull=never",
];

fn podman() -> Command {
    let mut podman = Command::new("podman");
    podman.env("DISABLE_HC_SYSTEMD", "true");
    // Unlike crun, it takes machines that have both kinds of control groups.
    if Command::new("runc").arg("--version").output().is_ok() {
        podman.args(["--runtime", "runc"]);
    }
    podman
}

fn told(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("podman can be run");
    let complaint = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{command:?}: {complaint}");
    String::from_utf8_lossy(&stdout).trim().to_owned()
}

/// The database by TCP: the user of a container may not use a socket of others.
async fn by_tcp(database: &Database) -> String {
    let listener = AsyncListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.expect("there are free ports");
    let address = listener.local_addr().expect("it listens");
    let server = database.socket();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let server = server.clone();
            tokio::spawn(async move {
                let mut server = UnixStream::connect(server).await?;
                copy_bidirectional(&mut client, &mut server).await
            });
        }
    });
    let (_, name) = database.url().rsplit_once('/').expect("a URL has a path");
    format!("postgresql://postgres@{address}/{name}")
}

/// A container of the image. Dropping it removes it.
struct Container {
    id: String,
    address: SocketAddr,
}

impl Container {
    async fn start(image: &str, database: &str) -> Self {
        let [http, grpc, management] = free_ports();
        let settings = [
            format!("DATABASE__URL={database}"),
            format!("WALLETS__ENCRYPTION_KEY={SEALING_KEY}"),
            format!("HTTP__PORT={http}"),
            format!("GRPC__PORT={grpc}"),
            format!("MANAGEMENT__PORT={management}"),
        ];
        let settings = settings.map(|setting| format!("--env=TALLYSTICK_{setting}"));
        let mut run = podman();
        run.args(["run", "--detach"]).args(WITHOUT_RIGHTS);
        let container = Self {
            id: told(run.args(settings).arg(image)),
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, http)),
        };
        eventually("the container is healthy", async || {
            let mut probe = podman();
            let probed = probe.args(["healthcheck", "run", &container.id]).output();
            let is_healthy = probed.is_ok_and(|probed| probed.status.success());
            is_healthy.then_some(())
        })
        .await;
        container
    }

    /// What a command of the binary in it prints.
    fn tallystick(&self, arguments: &[&str]) -> Value {
        let mut exec = podman();
        exec.args(["exec", &self.id, "/usr/local/bin/tallystick"]);
        let told = told(exec.args(arguments).arg("--json"));
        serde_json::from_str(&told).expect("--json prints JSON")
    }

    fn inspect(&self, what: &str) -> String {
        told(podman().args(["inspect", "--format", what, &self.id]))
    }

    /// What the system says of its process.
    fn status(&self, field: &str) -> String {
        let process = self.inspect("{{.State.Pid}}");
        let status = fs::read_to_string(format!("/proc/{process}/status"));
        let status = status.expect("it runs");
        let mut lines = status.lines();
        let line = lines.find_map(|line| line.strip_prefix(field)?.strip_prefix(":\t"));
        line.expect("the system knows it").to_owned()
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let said = podman().args(["logs", "--tail=40", &self.id]).output();
            let said = said.map(|said| said.stderr).unwrap_or_default();
            eprintln!("{}", String::from_utf8_lossy(&said));
        }
        let _ = podman()
            .args(["rm", "--force", "--time=0", &self.id])
            .output();
    }
}

fn free_ports() -> [u16; 3] {
    // All are held until all are known, so that they differ.
    let held = [(); 3].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());
    held.map(|listener| listener.local_addr().unwrap().port())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_image_serves_without_any_right_on_a_file_system_that_takes_no_writes() {
    let image = image_under_test().expect("`cargo xtask image` names it");
    let database = Database::fresh().await;
    let container = Container::start(&image, &by_tcp(&database).await).await;

    let named = ["organizations", "create", "--legal-name", "Muster GmbH"];
    let organization = container.tallystick(&named);
    let id = organization["id"].as_str().unwrap();
    let keyed = [
        "keys",
        "create",
        "--name",
        "image",
        "--scope",
        "*",
        "--organization",
        id,
    ];
    let key = container.tallystick(&keyed);
    let client = Client::to(container.address).with_key(key["secret"].as_str().unwrap());
    let invoice = client.create("/invoices", &invoice()).await;

    client
        .get(&format!("/invoices/{invoice}"))
        .await
        .expect(200);
    assert_eq!(container.status("Uid"), "65532\t65532\t65532\t65532");
    assert_eq!(container.status("CapEff"), "0000000000000000");
    assert_eq!(container.status("NoNewPrivs"), "1");
    assert_eq!(container.inspect("{{.HostConfig.ReadonlyRootfs}}"), "true");
    told(podman().args(["stop", "--time=40", &container.id]));
    assert_eq!(container.inspect("{{.State.ExitCode}}"), "0");
}
