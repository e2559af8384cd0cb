//! `tallystick dead-letters`: events that could not be delivered.

use adapters_postgres::PgDeadLetters;
use anyhow::bail;
use app::ports::{DeadLetter, DeadLetters as _};
use clap::{Args, Subcommand};
use domain::ids::EventId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{desk, output};
use crate::{config::Inputs, wiring::Core};

const SHOWN_MAX: u32 = 1_000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lists events that are not tried any more, oldest first; 1,000 at most.
    List(Arguments),
    /// Has one, or all of them, tried again.
    Retry {
        /// The id of the event; all of them without.
        id: Option<Uuid>,
        #[command(flatten)]
        arguments: Arguments,
    },
    /// Gives one up for good, so that later events of the same thing go on without it.
    Discard {
        /// The id of the event.
        id: Uuid,
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

pub(super) fn run(command: &Command, inputs: &Inputs) -> anyhow::Result<()> {
    desk::run_with_core(inputs, async |core: &Core| {
        let letters = PgDeadLetters::new(core.database.clone());
        match command {
            Command::List(arguments) => {
                let dead = letters.list_dead(SHOWN_MAX).await?;
                if arguments.json {
                    output::print_json(&dead.iter().map(as_value).collect::<Vec<_>>())
                } else {
                    let rows: Vec<_> = dead.iter().map(as_row).collect();
                    let head = [
                        "event",
                        "type",
                        "consumer",
                        "since",
                        "waiting behind",
                        "reason",
                    ];
                    Ok(output::print(&output::table(head, &rows))?)
                }
            }
            Command::Retry { id, arguments } => {
                let retried = letters.retry(id.map(EventId::from_uuid)).await?;
                if let (Some(id), 0) = (id, retried) {
                    bail!("there is no dead letter {id}");
                }
                tell(
                    arguments,
                    &json!({"retried": retried}),
                    &format!("{retried} will be tried again"),
                )
            }
            Command::Discard { id, arguments } => {
                if !letters.discard(EventId::from_uuid(*id)).await? {
                    bail!("there is no dead letter {id}");
                }
                tell(arguments, &json!({"discarded": 1}), "discarded")
            }
        }
    })
}

fn tell(arguments: &Arguments, value: &Value, text: &str) -> anyhow::Result<()> {
    if arguments.json {
        output::print_json(value)
    } else {
        Ok(output::print(text)?)
    }
}

fn as_row(letter: &DeadLetter) -> [String; 6] {
    [
        letter.event.event.id.to_string(),
        letter.event.event.event_type.clone(),
        letter.consumer.clone(),
        output::instant(letter.dead_since),
        letter.waiting_behind.to_string(),
        letter.reason.clone(),
    ]
}

fn as_value(letter: &DeadLetter) -> Value {
    json!({
        "event_id": letter.event.event.id.to_string(),
        "type": letter.event.event.event_type,
        "subject": letter.event.event.aggregate_id.to_string(),
        "sequence": letter.event.event.sequence,
        "consumer": letter.consumer,
        "attempts": letter.attempts,
        "reason": letter.reason,
        "dead_since": output::instant(letter.dead_since),
        "waiting_behind": letter.waiting_behind,
    })
}
