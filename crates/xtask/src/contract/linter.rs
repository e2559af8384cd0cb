//! Whether the document is OpenAPI at all: a judge that goes by it would read a wrong one in its own way.

use std::{fs, path::Path, process::Command};

use anyhow::Context;

use crate::process;

/// Checks the document that `binary` prints. Shows what is wrong with it.
pub(super) fn lint(linter: &Path, binary: &Path, work: &Path) -> anyhow::Result<()> {
    let document = process::output_of(Command::new(binary).arg("openapi"))
        .with_context(|| format!("`{} openapi` failed", binary.display()))?;
    let path = work.join("openapi.json");
    fs::write(&path, document)?;
    let mut linter = Command::new(linter);
    linter.args(["--schema", "3.1", "--validation-errors", "all"]);
    process::run(linter.arg(&path)).context("the document is not OpenAPI 3.1")
}
