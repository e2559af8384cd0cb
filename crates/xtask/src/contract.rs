//! `cargo xtask contract`: schemathesis, which knows nothing but the OpenAPI document, judges the running binary; linters judge
//! the documents, and the reference verifier of Standard Webhooks what is sent. A gRPC client that knows nothing but what the
//! service tells of itself compares both APIs.

mod events;
mod grpc;
mod judge;
mod linter;
mod python;
mod server;
mod webhooks;

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;

use crate::{
    process,
    tally::Tally,
    tools::{self, Tool},
};

/// Options of `cargo xtask contract`.
#[derive(Args, Default)]
pub(crate) struct Options {
    /// Install nothing: when Python is missing, print the commands that would install it.
    #[arg(long)]
    no_install: bool,
    /// Random seed; the one of tests/contract/schemathesis.toml if left out.
    #[arg(long)]
    seed: Option<u64>,
    /// Test cases per operation and phase; those of tests/contract/schemathesis.toml if left out.
    #[arg(long, value_name = "N")]
    max_examples: Option<u32>,
    /// Judge for this long, in as many rounds as fit in; one round if left out.
    #[arg(long, value_name = "SECONDS")]
    max_time: Option<u32>,
    /// The server's program; the debug build, brought up to date, if left out.
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
    /// Only the operations whose `METHOD /path` matches, for example `POST .*/invoices$`.
    #[arg(long, value_name = "REGEX")]
    operations: Option<String>,
}

/// Builds the server and has it judged.
pub(crate) fn execute(options: &Options) -> anyhow::Result<()> {
    tools::ensure(&[Tool::PostgreSql, Tool::Python], !options.no_install)?;
    if options.binary.is_none() {
        process::run(process::cargo().args(["build", "--package", "server"]))?;
    }
    let tally = judge_built(options)?;
    println!("{tally}");
    ensure!(
        tally.failed == 0,
        "{} operations or tests break the contract",
        tally.failed
    );
    Ok(())
}

/// Has the program judged as it is. Answers how many operations kept the contract and how many broke it.
pub(crate) fn judge_built(options: &Options) -> anyhow::Result<Tally> {
    let target = target_folder()?;
    let work = target.join("contract");
    let programs = python::programs(&work)?;
    let debug_build = || target.join("debug/tallystick");
    let binary = options.binary.clone().unwrap_or_else(debug_build);
    linter::lint(&programs.join("openapi-spec-validator"), &binary, &work)?;
    events::lint(&programs.join("python"), &binary, &work)?;
    let server = server::Server::start(&binary, &work)?;
    webhooks::verify(&programs.join("python"), &server)?;
    grpc::lint(&work)?;
    // First: the judge leaves more behind than the lists of a client should have to wade through.
    let mut tally = Tally::default();
    if options.operations.is_none() {
        tally += grpc::run(&programs.join("python"), &server, &work)?;
    }
    tally += judge::run(&programs.join("schemathesis"), &server, &work, options)?;
    server.stop()?;
    Ok(tally)
}

fn target_folder() -> anyhow::Result<PathBuf> {
    let metadata = process::metadata()?;
    let folder = metadata["target_directory"]
        .as_str()
        .context("cargo metadata names no target folder")?;
    Ok(Path::new(folder).to_owned())
}
