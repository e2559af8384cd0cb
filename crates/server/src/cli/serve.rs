//! `tallystick serve`: the server.

use clap::Args;

use crate::{
    config::{self, Inputs},
    serve::{self, Role},
};

/// Runs the server until SIGTERM or Ctrl-C; a second signal ends it at once.
#[derive(Debug, Args, Default)]
pub(super) struct Arguments {
    /// What this process does (repeatable); everything without.
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<Role>,
}

pub(super) fn run(arguments: &Arguments, inputs: &Inputs) -> anyhow::Result<()> {
    let loaded = config::load(inputs)?;
    let roles = match arguments.roles.as_slice() {
        [] => Role::ALL,
        chosen => chosen,
    };
    serve::run(&loaded, &inputs.environment, roles)
}
