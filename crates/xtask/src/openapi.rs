//! `cargo xtask openapi`: the contract as a file, so that a change of it is seen in a review.

use std::fs;

use anyhow::{Context, ensure};
use clap::Args;

use crate::process;

const DOCUMENT: &str = "docs/openapi.json";

/// Options of `cargo xtask openapi`.
#[derive(Args)]
pub(crate) struct Options {
    /// Write nothing; fail if the file is not what the server says.
    #[arg(long)]
    check: bool,
}

/// Writes or checks the document.
pub(crate) fn execute(options: &Options) -> anyhow::Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["run", "--quiet", "--package", "server", "--", "openapi"]);
    let mut document =
        process::output_of(&mut cargo).context("`tallystick openapi` failed; run it to see why")?;
    document.push('\n');

    let path = process::root().join(DOCUMENT);
    if options.check {
        let written = fs::read_to_string(&path).unwrap_or_default();
        ensure!(
            written == document,
            "{DOCUMENT} is out of date: run `cargo xtask openapi`"
        );
        return Ok(());
    }
    fs::create_dir_all(path.parent().context("no folder to write to")?)?;
    fs::write(&path, document).with_context(|| format!("cannot write {DOCUMENT}"))?;
    println!("wrote {DOCUMENT}");
    Ok(())
}
