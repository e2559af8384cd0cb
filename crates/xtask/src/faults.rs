//! `cargo xtask faults`: every fault by name, each in a process of its own, and a table of what came of it.

mod list;
mod previous;
mod programs;
mod table;
mod trial;

use anyhow::ensure;
use clap::Args;

use self::{list::FAULTS, programs::Programs, trial::Trial};
use crate::tools::{self, Tool};

/// Options of `cargo xtask faults`.
#[derive(Args)]
pub(crate) struct Options {
    /// Install nothing: when PostgreSQL, Redis or `haproxy` is missing, print the commands that would install it.
    #[arg(long)]
    no_install: bool,
    /// Leave out the upgrade from the release before the newest migration, which has to be built for it.
    #[arg(long)]
    skip_upgrade: bool,
    /// Run only the tests whose names contain one of these.
    filter: Vec<String>,
}

impl Options {
    fn wants(&self, test: &str) -> bool {
        let is_named = self.filter.is_empty() || self.filter.iter().any(|it| test.contains(it));
        is_named && !(self.skip_upgrade && test.contains(previous::TEST))
    }
}

/// Runs them one after the other, so that none waits for another's load, and fails if one of them does.
pub(crate) fn execute(options: &Options) -> anyhow::Result<()> {
    let needed = [
        Tool::PostgreSql,
        Tool::Redis,
        Tool::HaProxy,
        Tool::PgBouncer,
    ];
    tools::ensure(&needed, !options.no_install)?;
    let previous = options
        .wants(previous::TEST)
        .then(previous::build)
        .transpose()?;
    let programs = Programs::build()?;
    let mut trials = Vec::new();
    for (fault, test) in programs.with_unlisted(FAULTS)? {
        if options.wants(&test) {
            let trial = Trial::run(&programs, (fault, &test), previous.as_deref())?;
            println!("{}", trial.line());
            trials.push(trial);
        }
    }
    println!("\n{}", table::of(&trials));
    let failed = trials.iter().filter(|trial| !trial.has_passed()).count();
    ensure!(!trials.is_empty(), "no test has such a name");
    ensure!(failed == 0, "{failed} of {} faults do harm", trials.len());
    Ok(())
}
