//! A yardstick, running.

use std::{net::SocketAddr, path::Path, process::Stdio};

use anyhow::Context as _;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use super::Target;

/// A yardstick that is ready. Dropping it ends it, and so does the end of this process.
#[derive(Debug)]
pub(crate) struct Opponent {
    target: Target,
    _process: Child,
}

impl Opponent {
    /// Starts one with these arguments.
    pub(super) async fn start(ourselves: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut process = Command::new(ourselves)
            .arg("yardstick")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the yardstick")?;
        let output = process.stdout.take().context("its output is not piped")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).await?;
        let address: SocketAddr = line
            .trim()
            .parse()
            .context("the yardstick told no address")?;
        Ok(Self {
            target: Target {
                address,
                process_id: process.id().context("the yardstick has ended")?,
            },
            _process: process,
        })
    }

    /// What to measure.
    pub(crate) fn target(&self) -> Target {
        self.target
    }
}
