//! Has the gRPC API called by a client of another make, and compared with REST; and a linter judges the protos.

use std::{fs, path::Path, process::Command};

use anyhow::Context;
use serde_json::Value;

use super::server::Server;
use crate::{process, tally::Tally};

const TESTS: &str = "tests/contract/test_grpc.py";
const PROTOS: &str = "proto";
/// The linter of protos; npm brings it as a program.
const BUF: &str = "@bufbuild/buf@1.75.0";

/// Runs the tests against `server`, and answers how many succeeded and how many failed.
pub(super) fn run(python: &Path, server: &Server, work: &Path) -> anyhow::Result<Tally> {
    let mut tests = Command::new(python);
    tests
        .current_dir(work)
        .arg(process::root().join(TESTS))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("TALLYSTICK_CONTRACT_GRPC", server.grpc_address())
        // By the environment: arguments are visible to every user of the machine.
        .env("TALLYSTICK_CONTRACT_KEY", server.api_key()?)
        .env("TALLYSTICK_CONTRACT_URL", server.url());
    let mut verdict = None;
    process::run_watched(&mut tests, |line| {
        verdict = tally_of(line).or(verdict);
    })?;
    verdict.context("the tests of gRPC came to no end")
}

/// Checks that the protos keep the rules of `proto/buf.yaml`, where there is npm, which brings the linter.
pub(super) fn lint(work: &Path) -> anyhow::Result<()> {
    let has_npm = Command::new("npm").arg("--version").output();
    if !has_npm.is_ok_and(|output| output.status.success()) {
        println!("there is no npm, so nobody lints the protos");
        return Ok(());
    }
    let folder = work.join("buf");
    // Written last, so that an interrupted installation is not taken for a whole one.
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).unwrap_or_default() != BUF {
        fs::create_dir_all(&folder)?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-save", "--no-audit", "--no-fund"]);
        process::run(npm.arg("--prefix").arg(&folder).arg(BUF))?;
        fs::write(&stamp, BUF)?;
    }
    let mut buf = Command::new(folder.join("node_modules/.bin/buf"));
    buf.arg("lint").current_dir(process::root().join(PROTOS));
    process::run(&mut buf).context("the protos break the rules of buf")
}

/// The last line that the tests print.
fn tally_of(line: &str) -> Option<Tally> {
    let counts: Value = serde_json::from_str(line).ok()?;
    Some(Tally {
        passed: counts.get("passed")?.as_u64()?,
        failed: counts.get("failed")?.as_u64()?,
        skipped: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_is_the_line_with_both_counts() {
        let verdict = tally_of(r#"{"passed": 5, "failed": 1}"#);

        assert_eq!(verdict.map(|it| (it.passed, it.failed)), Some((5, 1)));
        assert_eq!(tally_of("Ran 6 tests in 1.2s"), None);
        assert_eq!(tally_of("5"), None);
    }
}
