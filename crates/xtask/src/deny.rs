//! `cargo xtask deny`: licences, bans and sources of every dependency.

use anyhow::bail;

use crate::{process, tools};

/// Runs cargo-deny's checks that need no network.
pub(crate) fn execute() -> anyhow::Result<()> {
    let mut version = process::cargo();
    version.args(["deny", "--version"]);
    if tools::find_program("cargo-deny").is_none() && process::output_of(&mut version).is_none() {
        bail!(
            "cargo-deny is not installed. Install it with\n    cargo install --locked cargo-deny"
        );
    }
    // The advisories are left out: their database has to be fetched.
    process::run(process::cargo().args(["deny", "check", "bans", "licenses", "sources"]))
}
