//! `cargo xtask openapi`: the contracts as files, so that a change of them is seen in a review.

use std::fs;

use anyhow::Context;

use crate::process;

/// The commands of the binary that print them, and where they are kept.
const DOCUMENTS: [(&str, &str); 2] = [
    ("openapi", "docs/openapi.json"),
    ("asyncapi", "docs/asyncapi.json"),
];

/// Writes the documents. Tests of `api-actix` say when they are out of date.
pub(crate) fn execute() -> anyhow::Result<()> {
    DOCUMENTS
        .into_iter()
        .try_for_each(|(command, file)| write(command, file))
}

fn write(command: &str, file: &str) -> anyhow::Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["run", "--quiet", "--package", "server", "--", command]);
    let mut document = process::output_of(&mut cargo)
        .with_context(|| format!("`tallystick {command}` failed; run it to see why"))?;
    document.push('\n');

    let path = process::root().join(file);
    fs::create_dir_all(path.parent().context("no folder to write to")?)?;
    fs::write(&path, document).with_context(|| format!("cannot write {file}"))?;
    println!("wrote {file}");
    Ok(())
}
