//! `cargo xtask test`: everything that must be true, in the order of what fails fastest.

use std::{
    process::{Command, ExitCode},
    time::Instant,
};

use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};

use crate::{
    contract, layers, process,
    tally::Tally,
    tidy,
    tools::{self, Tool},
};

mod targets;

/// What is tested besides what daily work builds.
pub(crate) const FEATURES: &str = "server/kafka,tests/kafka";

/// What `cargo xtask faults` tests besides.
pub(crate) const APART: &str = "tests/apart";

/// Options of `cargo xtask test`.
#[derive(Args)]
pub(crate) struct Options {
    /// Install nothing: when PostgreSQL, Redis or Python is missing, print the commands that would install it.
    #[arg(long)]
    no_install: bool,
    /// Leave out schemathesis (the only part that needs Python).
    #[arg(long)]
    skip_contract: bool,
    /// Put this between PostgreSQL and whatever is tested; no lints, no contract.
    #[arg(long, value_name = "WHAT")]
    through: Option<Through>,
    /// Run only the tests whose names contain one of these; no lints, no features, no contract.
    filter: Vec<String>,
}

/// What may stand in front of PostgreSQL.
#[derive(Clone, Copy, ValueEnum)]
enum Through {
    /// `PgBouncer`, which lends a session for one transaction.
    #[value(name = "pgbouncer")]
    PgBouncer,
}

impl Through {
    /// What the tests are told by.
    const VARIABLE: &str = "TALLYSTICK_TEST_THROUGH";

    fn name(self) -> &'static str {
        match self {
            Self::PgBouncer => "pgbouncer",
        }
    }
}

/// The steps, in their order.
#[derive(Clone, Copy)]
enum Step {
    Tools,
    Format,
    Layers,
    Tidy,
    Clippy,
    Tests,
    SomeTests,
    Contract,
}

const ALL: &[Step] = &[
    Step::Tools,
    Step::Format,
    Step::Layers,
    Step::Tidy,
    Step::Clippy,
    Step::Tests,
    Step::Contract,
];
const BETWEEN: &[Step] = &[Step::Tools, Step::Tests];
const FILTERED: &[Step] = &[Step::Tools, Step::SomeTests];

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Format => "format",
            Self::Layers => "layers",
            Self::Tidy => "tidy",
            Self::Clippy => "clippy",
            Self::Tests | Self::SomeTests => "tests",
            Self::Contract => "contract",
        }
    }

    fn run(self, options: &Options, total: &mut Tally) -> anyhow::Result<()> {
        match self {
            Self::Tools => prepare(options),
            Self::Format => process::run(process::cargo().args(["fmt", "--all", "--check"])),
            Self::Layers => layers::execute(),
            Self::Tidy => tidy::execute(),
            Self::Clippy => clippy(),
            Self::Tests => test_all(options, total),
            Self::SomeTests => test_some(options, total),
            Self::Contract => judge(options.skip_contract, total),
        }
    }
}

/// Runs the steps until one fails, and prints the totals as the last line in any case.
pub(crate) fn execute(options: &Options) -> ExitCode {
    let steps = match (&options.filter[..], options.through) {
        ([], None) => ALL,
        ([], Some(_)) => BETWEEN,
        _ => FILTERED,
    };
    let mut total = Tally::default();
    let outcome = run_steps(steps, options, &mut total);
    if let Err(error) = &outcome {
        eprintln!("error: {error:#}");
        if total.failed == 0 {
            // A step that is no test (a lint, a build) failed: a reader of the last line must see that.
            total.failed = 1;
        }
    }
    println!("{total}");
    outcome.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

fn run_steps(steps: &[Step], options: &Options, total: &mut Tally) -> anyhow::Result<()> {
    for (position, step) in steps.iter().enumerate() {
        let name = step.name();
        println!("\n=== {}/{}: {name} ===", position + 1, steps.len());
        let started = Instant::now();
        step.run(options, total)
            .with_context(|| format!("step `{name}`"))?;
        println!("=== {name}: ok, {} s ===", started.elapsed().as_secs());
    }
    Ok(())
}

fn prepare(options: &Options) -> anyhow::Result<()> {
    let may_install = !options.no_install;
    let servers = [
        Tool::PostgreSql,
        Tool::Redis,
        Tool::HaProxy,
        Tool::PgBouncer,
    ];
    tools::ensure(&servers, may_install)?;
    tools::kafka::prepare(may_install);
    tools::go_program::prepare_all(may_install);
    tools::prefer(Tool::Prometheus, may_install, "The alerts are not tested.");
    if !options.skip_contract {
        tools::kubernetes::prepare(may_install);
    }
    if options.skip_contract || options.through.is_some() || !options.filter.is_empty() {
        return Ok(());
    }
    tools::ensure(&[Tool::Python], may_install)
}

fn clippy() -> anyhow::Result<()> {
    let mut cargo = process::cargo();
    let features = format!("{FEATURES},{APART}");
    cargo.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        &features,
        "--",
        "--deny",
        "warnings",
    ]);
    process::run(&mut cargo)
}

fn test_all(options: &Options, total: &mut Tally) -> anyhow::Result<()> {
    // The features and the contract run against the binary. Built beside the tests, it shares their features and so their
    // dependencies: nothing is compiled twice.
    process::run(process::cargo().args([
        "build",
        "--workspace",
        "--bins",
        "--tests",
        "--features",
        FEATURES,
    ]))?;
    let mut cargo = tester(options);
    cargo.args([
        "test",
        "--workspace",
        "--no-fail-fast",
        "--features",
        FEATURES,
    ]);
    count_tests(&mut cargo, total)
}

fn test_some(options: &Options, total: &mut Tally) -> anyhow::Result<()> {
    let mut cargo = tester(options);
    cargo.args(["test", "--workspace", "--no-fail-fast", "--lib", "--bins"]);
    cargo.args(["--features", FEATURES]);
    for name in targets::with_libtest()? {
        cargo.args(["--test", &name]);
    }
    cargo.arg("--").args(&options.filter);
    count_tests(&mut cargo, total)
}

/// A cargo that runs tests as the options want it.
fn tester(options: &Options) -> Command {
    let mut cargo = process::cargo();
    if let Some(through) = options.through {
        cargo.env(Through::VARIABLE, through.name());
    }
    cargo
}

fn count_tests(cargo: &mut Command, total: &mut Tally) -> anyhow::Result<()> {
    let succeeded = process::run_watched(cargo, |line| total.read(line))?;
    ensure!(total.failed == 0, "{} tests failed", total.failed);
    if !succeeded {
        bail!("`{}` failed", process::as_typed(cargo));
    }
    Ok(())
}

fn judge(skip: bool, total: &mut Tally) -> anyhow::Result<()> {
    if skip {
        println!("skipped, as asked");
        total.skipped += 1;
        return Ok(());
    }
    let judged = contract::judge_built(&contract::Options::default())?;
    *total += judged;
    ensure!(
        judged.failed == 0,
        "{} operations break the contract",
        judged.failed
    );
    Ok(())
}
