//! `cargo xtask …`: the project's commands that are more than one cargo call.
//!
//! Compiled before anything else on a fresh machine, so its dependencies are few and it knows no other crate.
#![expect(
    clippy::disallowed_methods,
    reason = "the project's commands look at the environment themselves: PATH, CI, CARGO"
)]

mod bench;
mod contract;
mod deny;
mod facts;
mod faults;
mod image;
mod layers;
mod migrations;
mod openapi;
mod process;
mod run;
mod sbom;
mod sources;
mod tally;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Runs, tests and checks Tallystick.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service, on an embedded database unless `TALLYSTICK_DATABASE__URL` names one.
    Run(run::Options),
    /// Check everything and run every test of every kind; ends with the totals.
    Test(test::Options),
    /// Let schemathesis judge the running binary by its own OpenAPI document.
    Contract(contract::Options),
    /// Measure the release binary against yardsticks; fails when a figure does not reach what it must.
    Bench(bench::Options),
    /// Inject every fault, one after the other; ends with a table of what came of each.
    Faults(faults::Options),
    /// Build the image as it is shipped, start it without rights on a read-only file system, and try it.
    Image(image::Options),
    /// Write what the binary is made of: a `CycloneDX` document.
    Sbom(sbom::Options),
    /// Check which crate depends on which, what Cargo.lock brings, and where SQL stands.
    Layers,
    /// Check the limits and names of the house style, and that migrations expand.
    Tidy,
    /// Write the contracts of the API and of its events to docs/.
    Openapi,
    /// Check licences, bans and sources of all dependencies with cargo-deny.
    Deny,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        // Says itself what is wrong, since the totals are its last word.
        Command::Test(options) => return test::execute(&options),
        Command::Run(options) => run::execute(&options),
        Command::Contract(options) => contract::execute(&options),
        Command::Bench(options) => bench::execute(&options),
        Command::Faults(options) => faults::execute(&options),
        Command::Image(options) => image::execute(&options),
        Command::Sbom(options) => sbom::execute(&options),
        Command::Layers => layers::execute(),
        Command::Tidy => tidy::execute(),
        Command::Openapi => openapi::execute(),
        Command::Deny => deny::execute(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
