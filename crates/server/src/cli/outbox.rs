//! `tallystick outbox`: how far events are.

use adapters_postgres::{OutboxStatus, PgOutboxStatus};
use clap::{Args, Subcommand};
use serde_json::json;

use super::{desk, output};
use crate::{config::Inputs, wiring::Core};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Tells how many events wait, who reads them, and how far everybody is.
    Status(Arguments),
}

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Command, inputs: &Inputs) -> anyhow::Result<()> {
    let Command::Status(arguments) = command;
    let status = desk::run_with_core(inputs, async |core: &Core| {
        Ok(PgOutboxStatus::new(core.database.clone()).look().await?)
    })?;
    if arguments.json {
        output::print_json(&as_value(&status))
    } else {
        Ok(output::print(&as_text(&status))?)
    }
}

fn as_text(status: &OutboxStatus) -> String {
    let rows: Vec<_> = status
        .readers
        .iter()
        .map(|it| {
            let behind = status.end.as_i64() - it.position.as_i64();
            let lag = format!("{:.1} s", it.lag.as_secs_f64());
            [
                it.reader.clone(),
                it.members.to_string(),
                behind.to_string(),
                lag,
            ]
        })
        .collect();
    format!(
        "events in the log: {}\nwaiting for their position: {}, the oldest for {:.1} s\noldest transaction that has written: {:.1} s\nheld: {}\ndead letters: {}\n\n{}",
        status.end.as_i64(),
        status.waiting,
        status.oldest_waiting.as_secs_f64(),
        status.oldest_transaction.as_secs_f64(),
        status.held,
        status.dead,
        output::table(["reader", "members", "events behind", "behind by"], &rows)
    )
}

fn as_value(status: &OutboxStatus) -> serde_json::Value {
    let readers: Vec<_> = status
        .readers
        .iter()
        .map(|it| {
            json!({
                "reader": it.reader, "members": it.members, "position": it.position.as_i64(),
                "lag_seconds": it.lag.as_secs_f64(),
            })
        })
        .collect();
    json!({
        "end": status.end.as_i64(),
        "waiting": status.waiting,
        "oldest_waiting_seconds": status.oldest_waiting.as_secs_f64(),
        "oldest_transaction_seconds": status.oldest_transaction.as_secs_f64(),
        "held": status.held,
        "dead_letters": status.dead,
        "readers": readers,
    })
}
