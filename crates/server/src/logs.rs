//! Log lines: JSON where a machine reads them, readable in a terminal; written by a thread of their own.

mod buffered_writer;
mod escape;
mod json_lines;

use std::{
    io::{self, IsTerminal as _},
    sync::Arc,
};

use anyhow::Context as _;
use tracing_subscriber::{
    Layer as _, filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

pub(crate) use self::buffered_writer::Flush;
use self::{buffered_writer::BufferedWriter, json_lines::JsonLines};
use crate::{
    config::{LogFormat, Settings},
    incidents::{IncidentLayer, Incidents},
};

/// What commands that are not the server log: what goes wrong.
const COMMAND_LEVEL: &str = "warn";

/// Starts the log of the server, on standard error. What was logged is written when the answer is dropped.
pub(crate) fn install(
    settings: &Settings,
    incidents: Option<Arc<Incidents>>,
) -> anyhow::Result<Flush> {
    let is_terminal = io::stderr().is_terminal();
    let is_json = match settings.log.format {
        LogFormat::Json => true,
        LogFormat::Pretty => false,
        LogFormat::Auto => settings.is_production() || !is_terminal,
    };
    start(&settings.log.level, (is_json, is_terminal), incidents)
}

/// Starts the log of a command that prints its own answer: warnings and errors only, readable.
pub(crate) fn install_for_command() -> anyhow::Result<Flush> {
    start(COMMAND_LEVEL, (false, io::stderr().is_terminal()), None)
}

fn start(
    level: &str,
    (is_json, is_terminal): (bool, bool),
    incidents: Option<Arc<Incidents>>,
) -> anyhow::Result<Flush> {
    // By target and level only: nothing is looked up per line or span.
    let filter: Targets = level.parse()?;
    let (writer, flush) = BufferedWriter::start(io::stderr())
        .context("cannot start the thread that writes the log")?;
    let layer = tracing_subscriber::fmt::layer().with_writer(writer);
    let layer = if is_json {
        let json = layer.event_format(JsonLines).fmt_fields(JsonLines);
        json.boxed()
    } else {
        layer.with_ansi(is_terminal).boxed()
    };
    tracing_subscriber::registry()
        .with(layer)
        .with(filter)
        .with(incidents.clone().map(IncidentLayer))
        .try_init()
        .context("cannot start the log")?;
    log_panics(incidents);
    Ok(flush)
}

/// A panic is a line of the log like any other, not free text in the middle of it.
fn log_panics(incidents: Option<Arc<Incidents>>) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(
            place = place.unwrap_or_default(),
            thread = std::thread::current().name().unwrap_or_default(),
            "panicked: {}",
            panic.payload_as_str().unwrap_or_default()
        );
        if let Some(incidents) = &incidents {
            incidents.panicked(panic);
        }
    }));
}
