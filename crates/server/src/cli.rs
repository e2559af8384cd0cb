//! The command line. One file per subcommand.

mod asyncapi;
mod config;
mod dead_letters;
mod demo;
mod desk;
mod health;
mod keys;
mod ledger;
mod migrate;
mod openapi;
mod organizations;
mod outbox;
mod output;
mod progress;
mod projections;
mod reconcile;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::config::{Environment, Inputs, Mistakes};

/// It did what it was asked to.
const DONE: u8 = 0;
/// It could not.
const FAILED: u8 = 1;
/// The arguments (by clap) or the configuration are wrong.
const MISTAKEN: u8 = 2;

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 failed, the message says why; 2 wrong arguments or configuration.";

/// Tallystick, a self-hosted billing backend. Without a command, the server runs.
///
/// Without a database in the configuration, the server runs a private PostgreSQL in the folder `.tallystick`, and its
/// first start makes an organization and an API key.
#[derive(Debug, Parser)]
#[command(name = "tallystick", version, after_help = EXIT_CODES)]
struct Arguments {
    /// A TOML file with settings; variables win over it. Or `TALLYSTICK_CONFIG`.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Migrate(migrate::Arguments),
    /// Makes, lists and revokes API keys.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Founds and lists organizations.
    #[command(subcommand)]
    Organizations(organizations::Command),
    /// Looks after the ledger.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Looks after events on their way out.
    #[command(subcommand)]
    Outbox(outbox::Command),
    /// Looks after what queries read that is made from events.
    #[command(subcommand)]
    Projections(projections::Command),
    /// Looks after events that could not be delivered.
    #[command(subcommand)]
    DeadLetters(dead_letters::Command),
    Reconcile(reconcile::Arguments),
    /// Prints the OpenAPI document of the API; needs neither configuration nor database.
    Openapi,
    /// Prints the AsyncAPI document of the events; needs neither configuration nor database.
    Asyncapi,
    Health(health::Arguments),
    Demo(demo::Arguments),
    /// Looks at the configuration.
    #[command(subcommand)]
    Config(config::Command),
}

/// Runs what the arguments ask for.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match execute(arguments) {
        Ok(code) => code,
        Err(error) => {
            output::complain(&error);
            let is_mistake = error.is::<Mistakes>();
            ExitCode::from(if is_mistake { MISTAKEN } else { FAILED })
        }
    }
}

fn execute(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let environment = Environment::of_process();
    let named = || environment.file().map(PathBuf::from);
    let inputs = Inputs {
        file: arguments.config.or_else(named),
        environment: environment.clone(),
    };
    match arguments.command {
        Some(Command::Serve(arguments)) => serve::run(&arguments, &inputs)?,
        Some(Command::Openapi) => openapi::run()?,
        Some(Command::Asyncapi) => asyncapi::run()?,
        Some(Command::Health(arguments)) => return health::run(&arguments, &inputs),
        Some(Command::Migrate(arguments)) => return migrate::run(&arguments, &inputs),
        Some(Command::Keys(command)) => keys::run(&command, &inputs)?,
        Some(Command::Ledger(command)) => return ledger::run(&command, &inputs),
        Some(Command::Reconcile(arguments)) => return reconcile::run(&arguments, &inputs),
        Some(Command::Outbox(command)) => outbox::run(&command, &inputs)?,
        Some(Command::Projections(command)) => projections::run(&command, &inputs)?,
        Some(Command::DeadLetters(command)) => dead_letters::run(&command, &inputs)?,
        Some(Command::Organizations(command)) => organizations::run(&command, &inputs)?,
        Some(Command::Demo(arguments)) => demo::run(&arguments, &inputs)?,
        Some(Command::Config(command)) => config::run(&command, &inputs)?,
        None => serve::run(&serve::Arguments::default(), &inputs)?,
    }
    Ok(ExitCode::from(DONE))
}
