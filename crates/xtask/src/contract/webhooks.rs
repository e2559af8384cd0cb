//! Whether what is sent to webhooks is what others take for it.

use std::{path::Path, process::Command};

use anyhow::Context;

use super::server::Server;
use crate::process;

const RECEIVER: &str = "tests/contract/webhooks.py";

/// Has the reference verifier of Standard Webhooks judge what `server` sends.
pub(super) fn verify(python: &Path, server: &Server) -> anyhow::Result<()> {
    let mut receiver = Command::new(python);
    receiver
        .arg(process::root().join(RECEIVER))
        .arg(server.url())
        .arg(server.api_key_file());
    process::run(&mut receiver).context("the webhooks are not those of Standard Webhooks")
}
