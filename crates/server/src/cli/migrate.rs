//! `tallystick migrate`: brings the database to this release's schema.

use std::process::ExitCode;

use adapters_postgres::{Database, SchemaState};
use clap::Args;
use serde_json::json;

use super::{DONE, desk, output};
use crate::config::Inputs;

/// The schema is not this release's.
const NOT_CURRENT: u8 = 3;

/// Brings the database to this release's schema. Any number may run at once; they take turns.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 the schema is this release's; 1 failed; 2 wrong arguments or \
                        configuration; 3 (with --check) the schema is not this release's."
)]
pub(super) struct Arguments {
    /// Changes nothing; tells what there is to do.
    #[arg(long)]
    check: bool,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments, inputs: &Inputs) -> anyhow::Result<ExitCode> {
    desk::run(inputs, async |desk| {
        let pool = desk.pool()?;
        if arguments.check {
            check(&pool, arguments.json).await
        } else {
            let applied = desk.storage().migrate(&pool).await?;
            report(applied, arguments.json)?;
            Ok(ExitCode::from(DONE))
        }
    })
}

fn report(applied: usize, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return output::print_json(&json!({ "applied": applied }));
    }
    let text = match applied {
        0 => "the schema is current".to_owned(),
        1 => "applied 1 migration".to_owned(),
        several => format!("applied {several} migrations"),
    };
    Ok(output::print(&text)?)
}

async fn check(pool: &Database, as_json: bool) -> anyhow::Result<ExitCode> {
    let (state, migrations, text) = match pool.schema_state().await? {
        SchemaState::Current => ("current", Vec::new(), "the schema is current"),
        SchemaState::Behind(missing) => ("behind", missing, "these migrations are to be applied:"),
        SchemaState::Ahead(newer) => ("ahead", newer, "these migrations are of a newer release:"),
        SchemaState::Drifted(other) => ("drifted", other, "these migrations were changed:"),
    };
    if as_json {
        output::print_json(&json!({ "state": state, "migrations": migrations }))?;
    } else {
        let lines = std::iter::once(text.to_owned());
        let lines = lines.chain(migrations.iter().map(|name| format!("  {name}")));
        output::print(&lines.collect::<Vec<_>>().join("\n"))?;
    }
    let is_current = state == "current";
    Ok(ExitCode::from(if is_current { DONE } else { NOT_CURRENT }))
}
