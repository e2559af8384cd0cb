//! Runs schemathesis and reads its verdict.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, ensure};

use super::{Options, server::Server};
use crate::{process, tally::Tally};

const CONFIGURATION: &str = "tests/contract/schemathesis.toml";
const HOOKS: &str = "tests/contract/hooks.py";

/// Judges `server` and answers how many operations (and the stateful walk, as one) kept the contract.
pub(super) fn run(
    schemathesis: &Path,
    server: &Server,
    work: &Path,
    options: &Options,
) -> anyhow::Result<Tally> {
    let report = work.join("junit.xml");
    // A report of an earlier run must not be read as this one's.
    let _ = fs::remove_file(&report);
    let mut judge = command(schemathesis, server, options)?;
    judge
        .current_dir(work)
        .arg("--report-junit-path")
        .arg(&report);
    let succeeded = process::run_watched(&mut judge, |_| {})?;

    let report = fs::read_to_string(&report).context("schemathesis wrote no report")?;
    let tally = tally_of(&report).context("schemathesis' report has no totals")?;
    ensure!(
        tally.passed + tally.failed > 0,
        "schemathesis found nothing to test"
    );
    ensure!(
        succeeded || tally.failed > 0,
        "schemathesis failed without a failed operation; see above"
    );
    Ok(tally)
}

fn command(schemathesis: &Path, server: &Server, options: &Options) -> anyhow::Result<Command> {
    let mut judge = Command::new(schemathesis);
    judge
        .arg("--config-file")
        .arg(process::root().join(CONFIGURATION));
    judge.args(["run", &format!("{}/openapi.json", server.url())]);
    if let Some(seconds) = options.max_time {
        judge.args(["--max-time", &seconds.to_string()]);
    }
    if let Some(count) = options.max_examples {
        judge.args(["--max-examples", &count.to_string()]);
    }
    if let Some(seed) = options.seed {
        judge.args(["--seed", &seed.to_string()]);
    }
    if let Some(operations) = &options.operations {
        judge.args(["--include-name-regex", operations]);
        // A walk from operation to operation needs all of them.
        judge.args(["--phases", "examples,coverage,fuzzing"]);
    }
    let hooks = process::root().join(HOOKS);
    judge.env("TALLYSTICK_CONTRACT_HOOKS", hooks);
    judge.env("PYTHONDONTWRITEBYTECODE", "1");
    // By the environment: arguments are visible to every user of the machine.
    judge.env("TALLYSTICK_CONTRACT_KEY", server.api_key()?);
    judge.env("TALLYSTICK_CONTRACT_URL", server.url());
    Ok(judge)
}

/// The attributes of the first `<testsuite …>`: a test per operation.
fn tally_of(report: &str) -> Option<Tally> {
    let (_, suite) = report.split_once("<testsuite ")?;
    let (attributes, _) = suite.split_once('>')?;
    let count = |name: &str| {
        let (_, value) = attributes.split_once(&format!("{name}=\""))?;
        value.split_once('"')?.0.parse::<u64>().ok()
    };
    let (tests, skipped) = (count("tests")?, count("skipped")?);
    let failed = count("failures")? + count("errors")?;
    Some(Tally {
        passed: tests.saturating_sub(failed + skipped),
        failed,
        skipped,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_totals_are_read_from_the_report() {
        let report = r#"<?xml version="1.0" encoding="utf-8"?>
            <testsuites errors="0" failures="2" skipped="1" tests="9" time="39.6">
            <testsuite name="schemathesis" hostname="vm" errors="1" failures="2" skipped="1" tests="9" time="39.6">"#;

        let tally = tally_of(report).unwrap();

        assert_eq!(
            tally,
            Tally {
                passed: 5,
                failed: 3,
                skipped: 1
            }
        );
    }

    #[test]
    fn a_broken_report_is_no_verdict() {
        assert_eq!(tally_of("<testsuites>"), None);
    }
}
