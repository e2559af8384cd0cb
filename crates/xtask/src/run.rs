//! `cargo xtask run`: PostgreSQL if it is missing, then the server.

use std::{env, process::Command};

use clap::Args;

use crate::{
    process,
    tools::{self, Tool},
};

/// Options of `cargo xtask run`.
#[derive(Args)]
pub(crate) struct Options {
    /// Install nothing: when PostgreSQL is missing, print the commands that would install it.
    #[arg(long)]
    no_install: bool,
    /// Arguments of the server, for example `serve --role api` or `demo`.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENTS"
    )]
    arguments: Vec<String>,
}

/// Runs the server in place of this process, so that Ctrl-C reaches it once and its exit code is this command's.
pub(crate) fn execute(options: &Options) -> anyhow::Result<()> {
    let has_database = ["TALLYSTICK_DATABASE__URL", "TALLYSTICK_DATABASE__URL_FILE"]
        .iter()
        .any(|name| env::var_os(name).is_some());
    if !has_database {
        tools::ensure(&[Tool::PostgreSql], !options.no_install)?;
    }
    let mut cargo = process::cargo();
    cargo
        .args(["run", "--package", "server", "--"])
        .args(&options.arguments);
    // The data folder is relative to where the command was typed, as with a plain `cargo run`.
    cargo.current_dir(env::current_dir()?);
    replace_by(cargo)
}

#[cfg(unix)]
fn replace_by(mut command: Command) -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt;

    // Returns only if it could not start.
    let typed = process::as_typed(&command);
    Err(anyhow::Error::new(command.exec()).context(format!("cannot start `{typed}`")))
}

#[cfg(not(unix))]
fn replace_by(mut command: Command) -> anyhow::Result<()> {
    process::run(&mut command)
}
