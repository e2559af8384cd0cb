//! Whether the document of the events is AsyncAPI at all, by the JSON Schema that its makers publish.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;

use crate::process;

/// The package on npm that holds the schemas, and which of them is ours.
const PACKAGE: &str = "@asyncapi/specs@6.11.1";
const SCHEMA: &str = "package/schemas/3.0.0.json";
const CHECK: &str = "tests/contract/asyncapi.py";

/// Checks the document that `binary` prints, and shows what is wrong with it. Without npm, which has the schema, only says
/// that nobody has checked it.
pub(super) fn lint(python: &Path, binary: &Path, work: &Path) -> anyhow::Result<()> {
    let Some(schema) = schema(&work.join("asyncapi"))? else {
        println!(
            "npm is not there: nobody has checked that the document of the events is AsyncAPI 3"
        );
        return Ok(());
    };
    let document = process::output_of(Command::new(binary).arg("asyncapi"))
        .with_context(|| format!("`{} asyncapi` failed", binary.display()))?;
    let path = work.join("asyncapi.json");
    fs::write(&path, document)?;
    let mut check = Command::new(python);
    check
        .arg(process::root().join(CHECK))
        .args([&schema, &path]);
    process::run(&mut check).context("the document of the events is not AsyncAPI 3")
}

/// The schema, fetched once.
fn schema(folder: &Path) -> anyhow::Result<Option<PathBuf>> {
    let schema = folder.join(SCHEMA);
    if schema.is_file() {
        return Ok(Some(schema));
    }
    fs::create_dir_all(folder)?;
    let mut fetch = Command::new("npm");
    fetch
        .args(["pack", "--silent", PACKAGE])
        .current_dir(folder);
    let Some(fetched) = process::output_of(&mut fetch) else {
        return Ok(None);
    };
    let archive = fetched.lines().last().context("npm names no archive")?;
    let mut unpack = Command::new("tar");
    unpack.args(["-xzf", archive, SCHEMA]).current_dir(folder);
    process::run(&mut unpack)?;
    Ok(Some(schema))
}
