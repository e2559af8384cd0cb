//! `tallystick config`: what is in force, and what could be set.

use clap::Subcommand;

use super::output;
use crate::config::{self, EffectiveSetting, Inputs, Mistakes, Source};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Prints the configuration that is in force, secrets masked; or every mistake in it, with exit code 2.
    Check {
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Prints every variable with its meaning and default, as in `deploy/.env.example`.
    Example,
}

pub(super) fn run(command: &Command, inputs: &Inputs) -> anyhow::Result<()> {
    match command {
        Command::Check { json } => check(inputs, *json),
        Command::Example => Ok(output::print(&config::example())?),
    }
}

fn check(inputs: &Inputs, as_json: bool) -> anyhow::Result<()> {
    let loaded = match config::load(inputs) {
        Ok(loaded) => loaded,
        Err(mistakes) => return Err(report(mistakes, as_json)),
    };
    if as_json {
        let answer = serde_json::json!({
            "settings": loaded.effective, "warnings": loaded.warnings, "mistakes": [],
        });
        return output::print_json(&answer);
    }
    for warning in &loaded.warnings {
        output::warn(warning);
    }
    let rows: Vec<_> = loaded.effective.iter().map(row).collect();
    Ok(output::print(&output::table(
        ["name", "value", "from"],
        &rows,
    ))?)
}

fn report(mistakes: Mistakes, as_json: bool) -> anyhow::Error {
    if as_json {
        let answer = serde_json::json!({
            "settings": null, "warnings": mistakes.warnings(), "mistakes": mistakes.as_slice(),
        });
        if let Err(error) = output::print_json(&answer) {
            return error;
        }
    }
    mistakes.into()
}

fn row(setting: &EffectiveSetting) -> [String; 3] {
    let source = match setting.source {
        Source::Default => "default",
        Source::File => "file",
        Source::Environment => "environment",
    };
    [
        setting.name.clone(),
        setting.value.clone(),
        source.to_owned(),
    ]
}
