//! The ports: taken before anything else starts, opened when there is somebody to answer.

use std::{
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use tokio::net::TcpSocket;

use crate::config::Settings;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1_024;
/// Where the address of the API is written when its port was left to the system.
const HTTP_ADDRESS_FILE: &str = "http-address";
/// The same for gRPC.
const GRPC_ADDRESS_FILE: &str = "grpc-address";
/// The same for the management port.
pub(crate) const MANAGEMENT_ADDRESS_FILE: &str = "management-address";

/// A port that is ours, but refuses connections still.
pub(super) struct Port {
    socket: TcpSocket,
    /// Where the address is to be written, if nobody knows it yet.
    note: Option<PathBuf>,
    /// What to say if somebody else has the port.
    taken: String,
}

impl Port {
    /// The API's.
    pub(super) fn of_api(settings: &Settings) -> anyhow::Result<Self> {
        let wanted = SocketAddr::new(settings.http.host, settings.http.port);
        let note = settings.data_dir.join(HTTP_ADDRESS_FILE);
        Self::take(wanted, note, "TALLYSTICK_HTTP__PORT")
    }

    /// That of gRPC, if it is offered.
    pub(super) fn of_grpc(settings: &Settings) -> anyhow::Result<Option<Self>> {
        if !settings.grpc.enabled {
            return Ok(None);
        }
        let wanted = SocketAddr::new(settings.grpc.host, settings.grpc.port);
        let note = settings.data_dir.join(GRPC_ADDRESS_FILE);
        Self::take(wanted, note, "TALLYSTICK_GRPC__PORT").map(Some)
    }

    /// The management port.
    pub(super) fn of_management(settings: &Settings) -> anyhow::Result<Self> {
        let wanted = SocketAddr::new(management_host(settings), settings.management.port);
        let note = settings.data_dir.join(MANAGEMENT_ADDRESS_FILE);
        Self::take(wanted, note, "TALLYSTICK_MANAGEMENT__PORT")
    }

    fn take(wanted: SocketAddr, note: PathBuf, setting: &str) -> anyhow::Result<Self> {
        let socket = match wanted {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        };
        let socket = socket.context("cannot make a socket")?;
        // A port that connections of the last run still linger on is free.
        socket.set_reuseaddr(true)?;
        let taken = format!("cannot listen on {wanted}; choose another port with {setting}");
        socket.bind(wanted).with_context(|| taken.clone())?;
        let note = (wanted.port() == 0).then_some(note);
        Ok(Self {
            socket,
            note,
            taken,
        })
    }

    /// Accepts connections from now on.
    pub(super) fn open(self) -> anyhow::Result<OpenPort> {
        // Two processes may have taken one port, as long as neither listens.
        let socket = self
            .socket
            .listen(BACKLOG)
            .context(self.taken)?
            .into_std()?;
        let address = socket.local_addr()?;
        let note = self.note.map(|path| Note::write(path, address));
        Ok(OpenPort {
            socket,
            address,
            note: note.transpose()?,
        })
    }
}

/// A port that accepts connections.
pub(super) struct OpenPort {
    pub(super) socket: TcpListener,
    pub(super) address: SocketAddr,
    /// To be kept for as long as the address is true.
    pub(super) note: Option<Note>,
}

/// A file that tells an address, and goes when it is dropped.
pub(super) struct Note(PathBuf);

impl Note {
    fn write(path: PathBuf, address: SocketAddr) -> anyhow::Result<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, format!("{address}\n")))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        // One that stays is overwritten by the next server.
        let _ = fs::remove_file(&self.0);
    }
}

/// Metrics of a development server are nobody else's business; those of a deployment are scraped from elsewhere.
pub(crate) fn management_host(settings: &Settings) -> IpAddr {
    let default = if settings.is_embedded() {
        Ipv4Addr::LOCALHOST
    } else {
        Ipv4Addr::UNSPECIFIED
    };
    settings.management.host.unwrap_or(default.into())
}
