//! `tallystick-bench`: measures the service against yardsticks on the same machine. Started by `cargo xtask bench`.
//!
//! One binary in several processes, so that none is measured together with another: `run` directs, `load` generates
//! requests, `yardstick` answers them as barely as the framework can, `post` is a posting engine and its callers.

mod collector;
mod data;
mod figures;
mod http;
mod load;
mod posting;
mod run;
mod scenarios;
mod service;
mod tpcb;
mod usage;
mod webhooks;
mod yardstick;

use std::process::ExitCode;

use clap::Parser;

/// The service's allocator, so that yardsticks are no worse off.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Tallystick.
#[derive(Parser)]
#[command(name = "tallystick-bench", max_term_width = 100)]
enum Command {
    /// Run scenarios and print their figures; fails when one does not reach what it must.
    Run(run::Options),
    /// Send requests to a server as fast as it answers, and print the measurements as JSON.
    Load(load::Options),
    /// Post transfers through an engine in this process, without HTTP, and print the measurements as JSON.
    Post(posting::Options),
    /// Serve as something to compare with, until standard input ends; prints its address first.
    Yardstick(yardstick::Options),
}

fn main() -> ExitCode {
    let outcome = match Command::parse() {
        Command::Run(options) => run::run(&options),
        Command::Load(options) => load::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Post(options) => posting::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Yardstick(options) => yardstick::run(&options).map(|()| ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
