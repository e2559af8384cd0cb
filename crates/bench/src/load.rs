//! The load generator: a process of its own that sends requests over many connections, each as soon as the last was
//! answered.

mod generator;
mod plan;
mod report;
mod script;
mod span;
mod tally;

use std::{net::SocketAddr, num::NonZero, path::PathBuf, thread::available_parallelism};

use clap::Args;

use self::{generator::generate, script::Script};
pub(crate) use self::{
    plan::Plan,
    report::{Cpu, Report},
    span::Span,
    tally::Tally,
};

/// Options of `tallystick-bench load`.
#[derive(Args)]
pub(crate) struct Options {
    /// The server, for example 127.0.0.1:8080.
    #[arg(long)]
    address: SocketAddr,
    /// What to send: a plan in JSON.
    #[arg(long, value_name = "FILE")]
    plan: PathBuf,
    /// With which request of the plan to begin.
    #[arg(long, default_value_t = 0)]
    skip: usize,
    /// How many connections to use.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// How long to send before measuring.
    #[arg(long, default_value_t = 0.0, value_name = "SECONDS")]
    warm_up: f64,
    /// How long to measure.
    #[arg(long, default_value_t = 5.0, conflicts_with = "requests")]
    seconds: f64,
    /// How many requests to send, however long it takes.
    #[arg(long)]
    requests: Option<usize>,
    /// The process id of the server, whose processor time is then measured too.
    #[arg(long)]
    server_pid: Option<u32>,
    /// The process id of the postmaster, whose and whose children's processor time is then measured too.
    #[arg(long)]
    database_pid: Option<u32>,
}

/// Sends, and prints the report as one line of JSON.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let plan = Plan::read(&options.plan)?;
    let script = Script::new(plan, options)?;
    // Never the bottleneck as long as the machine is not: one thread per processor.
    let threads = available_parallelism().map_or(1, NonZero::get);
    let report = generate(&script, options, threads)?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}
