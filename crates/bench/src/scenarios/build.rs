//! How long a developer waits.

use std::{
    fs::File,
    path::Path,
    process::{Command, Stdio},
    time::{Instant, SystemTime},
};

use anyhow::{Context as _, ensure};

use crate::{figures::Figure, run::Stage};

const USE_CASE: &str = "crates/app/src/invoicing/create_invoice.rs";
const RULE: &str = "crates/domain/src/invoicing/totals.rs";
const BUILD_LIMIT_S: f64 = 15.0;
const TEST_LIMIT_S: f64 = 10.0;

/// Builds after a use case was touched, and tests the domain after one of its rules was.
pub(super) fn measure(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let build_s = again(&stage.cargo, &["build", "--package", "server"], USE_CASE)?;
    let test_s = again(&stage.cargo, &["test", "--package", "domain"], RULE)?;
    let build = "incremental build after touching one use case";
    let test = "`just test domain` after touching one rule";
    Ok(vec![
        Figure::of_time(build, (build_s, BUILD_LIMIT_S), "s"),
        Figure::of_time(test, (test_s, TEST_LIMIT_S), "s"),
    ])
}

/// Runs cargo until there is nothing left to build, touches a file, and tells how many seconds it takes again.
fn again(cargo: &Path, arguments: &[&str], touched: &str) -> anyhow::Result<f64> {
    run(cargo, arguments)?;
    touch(touched).with_context(|| format!("cannot touch {touched}"))?;
    let begun = Instant::now();
    run(cargo, arguments)?;
    Ok(begun.elapsed().as_secs_f64())
}

fn run(cargo: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(cargo)
        .args(arguments)
        .stdout(Stdio::null())
        .status()?;
    ensure!(
        status.success(),
        "`cargo {}` failed ({status})",
        arguments.join(" ")
    );
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo compares with the file system's clock"
)]
fn touch(path: &str) -> std::io::Result<()> {
    let file = File::options().append(true).open(path)?;
    file.set_modified(SystemTime::now())
}
