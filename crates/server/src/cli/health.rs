//! `tallystick health`: how the server of this configuration is, for container health checks.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context as _;
use clap::Args;

use super::{DONE, FAILED, desk, output};
use crate::{
    config::{Inputs, Settings},
    serve::{MANAGEMENT_ADDRESS_FILE, management_host},
};

/// An answer takes the server's own probes into account, which are given up after two seconds.
const LIMIT: Duration = Duration::from_secs(5);
const OK: &str = "HTTP/1.1 200 ";

/// Asks the server of this configuration, on its management port, how it is.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 healthy or degraded; 1 unhealthy, not ready, or not to be reached; 2 wrong \
                        arguments or configuration."
)]
pub(super) struct Arguments {
    /// Asks whether requests may come, and not how the server is.
    #[arg(long)]
    ready: bool,
}

pub(super) fn run(arguments: &Arguments, inputs: &Inputs) -> anyhow::Result<ExitCode> {
    let settings = desk::configuration(inputs)?;
    let path = if arguments.ready {
        "/health/ready"
    } else {
        "/health"
    };
    let address = address(&settings)?;
    let answer = ask(address, path).with_context(|| format!("no answer from {address}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    output::print(body)?;
    let is_well = head.starts_with(OK);
    Ok(ExitCode::from(if is_well { DONE } else { FAILED }))
}

fn address(settings: &Settings) -> anyhow::Result<SocketAddr> {
    if settings.management.port == 0 {
        let note = settings.data_dir.join(MANAGEMENT_ADDRESS_FILE);
        let text = fs::read_to_string(&note);
        let text = text.with_context(|| format!("cannot read {}", note.display()))?;
        return text.trim().parse().context("no server runs here");
    }
    let host = match management_host(settings) {
        IpAddr::V4(any) if any.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(any) if any.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        host => host,
    };
    Ok(SocketAddr::new(host, settings.management.port))
}

fn ask(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, LIMIT)?;
    connection.set_read_timeout(Some(LIMIT))?;
    connection.set_write_timeout(Some(LIMIT))?;
    write!(
        connection,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer)
}
