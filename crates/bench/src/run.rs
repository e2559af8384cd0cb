//! Directs a run: starts what is to be measured, measures it, and tells the figures.

mod contest;
mod docs;
mod opponent;
mod pace;
mod race;
mod stage;

use std::{
    env::current_exe,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    thread::available_parallelism,
};

use anyhow::{Context as _, bail};
use clap::Args;
use embedded_postgres::{Binaries, SearchHints};

pub(crate) use self::{
    contest::Contest,
    opponent::Opponent,
    pace::Pace,
    race::{Entrant, Race},
    stage::{Extent, Stage, Target},
};
use crate::{
    figures::{Figure, table},
    scenarios::Scenario,
    service::Program,
};

/// Where the measurements are kept, from the workspace's folder.
const RESULTS: &str = "target/bench";

/// Options of `tallystick-bench run`.
#[derive(Args)]
pub(crate) struct Options {
    /// Take less than 2 minutes: less data, shorter rounds. Its figures say whether the bench works, not how fast the
    /// service is, and so do not fail it.
    #[arg(long)]
    quick: bool,
    /// Run only this scenario; may be given several times. Default: all, with --quick all but `build`, `engine-zipf`,
    /// `payment-external`, `transfer-growth`, `transfer-instances` and `webhooks`.
    #[arg(long = "scenario", value_enum, value_name = "NAME")]
    scenarios: Vec<Scenario>,
    /// Put the table into docs/benchmarks.md.
    #[arg(long, conflicts_with = "quick")]
    write_docs: bool,
    /// The cargo that builds are measured with.
    #[arg(long, env = "CARGO", default_value = "cargo", hide = true)]
    cargo: PathBuf,
    #[arg(long, env = "PATH", default_value = "", hide = true)]
    path: OsString,
    #[arg(long, env = "TALLYSTICK_PG_BIN", hide = true)]
    pg_bin: Option<PathBuf>,
}

/// Runs in the workspace's folder. The exit code tells whether everything reached what it must.
pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        tokio::select! {
            finished = direct(options) => finished,
            // What was started is ended by dropping it.
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        }
    })
}

async fn direct(options: &Options) -> anyhow::Result<ExitCode> {
    fs::create_dir_all(RESULTS).with_context(|| format!("cannot make {RESULTS}"))?;
    let mut stage = stage(options)?;
    let mut figures = Vec::new();
    for scenario in scenarios(options) {
        eprintln!("{scenario}:");
        let measured = scenario.measure(&mut stage).await;
        let measured = measured.with_context(|| format!("{scenario} could not be measured"))?;
        for figure in &measured {
            eprintln!("  {figure}");
        }
        keep(scenario, &measured)?;
        figures.extend(measured);
    }
    let major = stage.binaries().major();
    stage.close().await?;
    report(options, major, &figures)
}

fn scenarios(options: &Options) -> Vec<Scenario> {
    let is_wanted = |scenario: &Scenario| match options.scenarios.as_slice() {
        [] => !options.quick || !scenario.is_for_full_runs(),
        named => named.contains(scenario),
    };
    Scenario::ALL.into_iter().filter(is_wanted).collect()
}

fn stage(options: &Options) -> anyhow::Result<Stage> {
    let hints = SearchHints {
        folder: options.pg_bin.clone(),
        path: Some(options.path.clone()),
        data_dir: None,
    };
    let ourselves = current_exe().context("a running program has a path")?;
    let binary = ourselves.with_file_name("tallystick");
    if !binary.is_file() {
        bail!(
            "{} is missing: `cargo xtask bench` builds it",
            binary.display()
        );
    }
    let program = Program::new(binary, options.path.clone(), options.pg_bin.clone());
    let pace = if options.quick {
        Pace::QUICK
    } else {
        Pace::FULL
    };
    Stage::new(program, Binaries::find(&hints)?, pace)
        .map(|stage| stage.with_cargo(options.cargo.clone()))
}

fn keep(scenario: Scenario, figures: &[Figure]) -> anyhow::Result<()> {
    let path = Path::new(RESULTS).join(format!("{scenario}.json"));
    let text = serde_json::to_string_pretty(figures)?;
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn report(options: &Options, major: u32, figures: &[Figure]) -> anyhow::Result<ExitCode> {
    let processors = available_parallelism().map_or(0, std::num::NonZero::get);
    let kind = if options.quick { "quick" } else { "full" };
    let text = format!(
        "A {kind} run on {processors} processors with PostgreSQL {major}.\n\n{}",
        table(figures)
    );
    println!("{text}");
    let path = Path::new(RESULTS).join("figures.md");
    fs::write(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    if options.write_docs {
        docs::write(&text)?;
    }
    let missed = figures.iter().filter(|figure| !figure.is_ok).count();
    if missed == 0 || options.quick {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{missed} figures do not reach what they must");
    Ok(ExitCode::FAILURE)
}
