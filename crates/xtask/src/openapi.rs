//! `cargo xtask openapi`: the contract as a file, so that a change of it is seen in a review.

use std::fs;

use anyhow::Context;

use crate::process;

const DOCUMENT: &str = "docs/openapi.json";

/// Writes the document. A test of `api-actix` says when it is out of date.
pub(crate) fn execute() -> anyhow::Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["run", "--quiet", "--package", "server", "--", "openapi"]);
    let mut document =
        process::output_of(&mut cargo).context("`tallystick openapi` failed; run it to see why")?;
    document.push('\n');

    let path = process::root().join(DOCUMENT);
    fs::create_dir_all(path.parent().context("no folder to write to")?)?;
    fs::write(&path, document).with_context(|| format!("cannot write {DOCUMENT}"))?;
    println!("wrote {DOCUMENT}");
    Ok(())
}
