//! What transfers are compared with: TPC-B by `pgbench`, which comes with PostgreSQL. A transaction of it changes three
//! balances and writes one row of history.

mod latencies;
mod summary;

use std::{
    fs,
    num::NonZero,
    path::{Path, PathBuf},
    process::Stdio,
    thread::available_parallelism,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use embedded_postgres::Binaries;
use tokio::process::Command;

use self::{latencies::Latencies, summary::Summary};
use crate::{load::Report, usage};

/// Of many clients' transactions, so many are written to a log. It would cost too much to write all of them.
const SHARE_LOGGED: f64 = 0.1;

/// How it is run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tpcb {
    /// How many clients there are, each with one transaction at a time.
    pub(crate) clients: u32,
    /// For how long, in seconds.
    pub(crate) seconds: u32,
}

/// A database with the tables of TPC-B, and a folder for logs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) binaries: &'a Binaries,
    pub(crate) url: &'a str,
    pub(crate) folder: &'a Path,
    /// Whose processor time is PostgreSQL's, with its children's.
    pub(crate) postmaster_pid: u32,
}

/// Makes the tables in a database: for each unit of `scale` one branch, ten tellers and 100,000 accounts.
pub(crate) async fn initialise(binaries: &Binaries, url: &str, scale: u32) -> anyhow::Result<()> {
    let scale = format!("--scale={scale}");
    pgbench(binaries, &["--initialize", "--quiet", &scale, url]).await?;
    Ok(())
}

impl Tpcb {
    /// Runs it once.
    pub(crate) async fn run(&self, place: Place<'_>) -> anyhow::Result<Report> {
        let logs = tempfile::tempdir_in(place.folder)?;
        let threads = available_parallelism().map_or(1, NonZero::get);
        let mut arguments = vec![
            "--protocol=prepared".to_owned(),
            format!("--client={}", self.clients),
            format!("--jobs={threads}"),
            format!("--time={}", self.seconds),
            "--log".to_owned(),
            format!("--log-prefix={}", logs.path().join("log").display()),
        ];
        if self.clients > 1 {
            arguments.push(format!("--sampling-rate={SHARE_LOGGED}"));
        }
        arguments.push(place.url.to_owned());
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let cpu = || {
            let of_postgres = usage::cpu_of_family(place.postmaster_pid);
            (usage::cpu_of_ended_children(), of_postgres)
        };
        let (before, begun) = (cpu(), Instant::now());
        let printed = pgbench(place.binaries, &arguments).await?;
        let (after, elapsed) = (cpu(), begun.elapsed());
        let summary = Summary::parse(&printed).context("pgbench printed no summary")?;
        let latencies = read_logs(logs.path())?;
        Ok(Report {
            generator_cpu_percent: percent(before.0, after.0, elapsed),
            database_cpu_percent: percent(before.1, after.1, elapsed),
            ..report(&summary, &latencies)
        })
    }
}

fn report(summary: &Summary, latencies: &Latencies) -> Report {
    Report {
        used: usize::try_from(summary.transactions).unwrap_or(usize::MAX),
        answers: summary.transactions,
        refused: std::collections::BTreeMap::new(),
        per_second: summary.per_second,
        p50_ms: latencies.ms_at(0.5),
        p99_ms: latencies.ms_at(0.99),
        slowest_ms: latencies.ms_at(1.0),
        generator_cpu_percent: None,
        server_cpu_percent: None,
        database_cpu_percent: None,
    }
}

fn percent(before: Option<Duration>, after: Option<Duration>, elapsed: Duration) -> Option<f64> {
    let used = after?.checked_sub(before?)?;
    Some(used.as_secs_f64() / elapsed.as_secs_f64() * 100.0)
}

/// Each of its threads writes one.
fn read_logs(folder: &Path) -> anyhow::Result<Latencies> {
    let mut latencies = Latencies::default();
    for file in fs::read_dir(folder)? {
        latencies.add(&fs::read_to_string(file?.path())?);
    }
    ensure!(!latencies.is_empty(), "pgbench logged no transaction");
    latencies.sort();
    Ok(latencies)
}

/// Beside PostgreSQL's other programs, or beside what these are links to, or else whichever `PATH` has.
fn program(binaries: &Binaries) -> PathBuf {
    let linked = fs::canonicalize(binaries.program("postgres"));
    let beside = linked.map(|postgres| postgres.with_file_name("pgbench"));
    let candidates = std::iter::once(binaries.program("pgbench")).chain(beside);
    candidates
        .into_iter()
        .find(|candidate| candidate.is_file())
        .unwrap_or_else(|| PathBuf::from("pgbench"))
}

/// Runs it, and tells what it prints.
async fn pgbench(binaries: &Binaries, arguments: &[&str]) -> anyhow::Result<String> {
    let ran = Command::new(program(binaries))
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await;
    let output = ran.context("cannot run pgbench, which comes with PostgreSQL")?;
    ensure!(
        output.status.success(),
        "pgbench failed ({}): {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
