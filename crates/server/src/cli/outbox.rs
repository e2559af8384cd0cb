//! `tallystick outbox`: how far events are.

use adapters_postgres::{
    ForgottenReader, OutboxStatus, PgEventReaders, PgOutboxStatus, ReaderStatus,
};
use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{desk, output};
use crate::{config::Inputs, wiring::Core};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Tells how many events wait, who reads them, and how far everybody is.
    Status(Arguments),
    /// Looks after the groups that read events. Days are kept until each of them has read them.
    #[command(subcommand)]
    Readers(Readers),
}

#[derive(Debug, Subcommand)]
pub(super) enum Readers {
    /// Lists the groups, how many members each has at work, and how far behind it is.
    List(Arguments),
    /// Forgets a group that nobody uses any more, so that no day is kept for it. One that is at work is left alone.
    Forget {
        /// What the group is called.
        name: String,
        #[command(flatten)]
        arguments: Arguments,
    },
}

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

impl Arguments {
    fn tell(&self, value: &Value, text: &str) -> anyhow::Result<()> {
        if self.json {
            output::print_json(value)
        } else {
            Ok(output::print(text)?)
        }
    }
}

pub(super) fn run(command: &Command, inputs: &Inputs) -> anyhow::Result<()> {
    match command {
        Command::Status(arguments) => {
            let status = look(inputs)?;
            arguments.tell(&as_value(&status), &as_text(&status))
        }
        Command::Readers(Readers::List(arguments)) => {
            let status = look(inputs)?;
            let readers = json!(readers_as_values(&status));
            arguments.tell(&readers, &readers_as_text(&status))
        }
        Command::Readers(Readers::Forget { name, arguments }) => {
            forget(name, inputs)?;
            let text = format!("{name} is forgotten: no day is kept for it");
            arguments.tell(&json!({"forgotten": name}), &text)
        }
    }
}

fn look(inputs: &Inputs) -> anyhow::Result<OutboxStatus> {
    desk::run_with_core(inputs, async |core: &Core| {
        Ok(PgOutboxStatus::new(core.database.clone()).look().await?)
    })
}

fn forget(name: &str, inputs: &Inputs) -> anyhow::Result<()> {
    let forgotten = desk::run_with_core(inputs, async |core: &Core| {
        let readers = PgEventReaders::new(core.database.clone());
        Ok(readers.forget(name).await?)
    });
    match forgotten? {
        ForgottenReader::Forgotten => Ok(()),
        ForgottenReader::Unknown => bail!("there is no group of readers called {name}"),
        ForgottenReader::AtWork { members } => bail!(
            "{name} is at work, with {members} members: stop them first, and wait ten seconds after one that was killed"
        ),
    }
}

fn readers_as_text(status: &OutboxStatus) -> String {
    let row = |it: &ReaderStatus| {
        let behind = status.end.as_i64() - it.position.as_i64();
        let lag = format!("{:.1} s", it.lag.as_secs_f64());
        [
            it.reader.clone(),
            it.members.to_string(),
            behind.to_string(),
            lag,
        ]
    };
    let rows: Vec<_> = status.readers.iter().map(row).collect();
    output::table(["reader", "members", "events behind", "behind by"], &rows)
}

fn readers_as_values(status: &OutboxStatus) -> Vec<Value> {
    let value = |it: &ReaderStatus| {
        json!({
            "reader": it.reader,
            "members": it.members,
            "position": it.position.as_i64(),
            "events_behind": status.end.as_i64() - it.position.as_i64(),
            "lag_seconds": it.lag.as_secs_f64(),
        })
    };
    status.readers.iter().map(value).collect()
}

fn as_text(status: &OutboxStatus) -> String {
    format!(
        "events in the log: {}\nwaiting for their position: {}, the oldest for {:.1} s\noldest transaction that has written: {:.1} s\nheld: {}\ndead letters: {}\n\n{}",
        status.end.as_i64(),
        status.waiting,
        status.oldest_waiting.as_secs_f64(),
        status.oldest_transaction.as_secs_f64(),
        status.held,
        status.dead,
        readers_as_text(status)
    )
}

fn as_value(status: &OutboxStatus) -> Value {
    json!({
        "end": status.end.as_i64(),
        "waiting": status.waiting,
        "oldest_waiting_seconds": status.oldest_waiting.as_secs_f64(),
        "oldest_transaction_seconds": status.oldest_transaction.as_secs_f64(),
        "held": status.held,
        "dead_letters": status.dead,
        "readers": readers_as_values(status),
    })
}
