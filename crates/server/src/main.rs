//! `tallystick`: the server and its tools in one binary. Wires the crates together, and nothing more.

mod cli;
mod config;
mod consuming;
mod demo;
mod embedded;
mod health;
mod incidents;
mod lifecycle;
mod logs;
mod metrics;
mod relay;
mod scheduler;
mod serve;
mod storage;
mod traces;
mod webhooks;
mod wiring;
mod worker;

use std::process::ExitCode;

/// Chosen by measurement, and for memory that stays flat over days.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Fails only if somebody was quicker, and nobody was.
    let _ = rustls::crypto::ring::default_provider().install_default();
    cli::run()
}
