//! `tallystick ledger`: whether the books are right.

use std::process::ExitCode;

use adapters_postgres::PgLedgerSnapshots;
use app::{
    ledger::{Promise, Verification, verify},
    ports::LedgerSnapshots as _,
};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{DONE, desk, output, progress::Progress};
use crate::{config::Inputs, wiring::Core};

/// Some promise does not hold.
const BROKEN: u8 = 3;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Verify(Arguments),
}

/// Recomputes the whole ledger from its entries, and compares.
///
/// Looks at one moment, beside servers that run; changes nothing. Of each promise that does not hold, the first difference is
/// printed, with ids and figures. With --json the last hash of each organization's chain is printed as well: kept elsewhere,
/// it tells later whether the blocks up to it are still the same.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 every promise holds; 1 failed; 2 wrong arguments or configuration; \
                        3 some promise does not hold."
)]
pub(super) struct Arguments {
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Command, inputs: &Inputs) -> anyhow::Result<ExitCode> {
    let Command::Verify(arguments) = command;
    let verification = desk::run_with_core(inputs, verified)?;
    let holds = verification.findings.is_empty();
    if arguments.json {
        output::print_json(&as_value(&verification))?;
    } else {
        output::print(&as_text(&verification))?;
    }
    Ok(ExitCode::from(if holds { DONE } else { BROKEN }))
}

async fn verified(core: &Core) -> anyhow::Result<Verification> {
    let snapshot = PgLedgerSnapshots::new(core.database.clone()).open().await?;
    let entries = snapshot.entry_count().await?;
    let progress = Progress::over(entries * 2 + entries / 2, "ledger")?;
    let verification = verify(snapshot.as_ref(), &|more| progress.advance(more)).await?;
    progress.end();
    Ok(verification)
}

fn as_text(verification: &Verification) -> String {
    let mut lines: Vec<_> = Promise::ALL
        .into_iter()
        .map(|promise| line(verification, promise))
        .collect();
    lines.push(format!(
        "looked at {} transfers ({} of them chained) and {} entries on {} pages",
        verification.transfers, verification.chained, verification.entries, verification.pages
    ));
    lines.join("\n")
}

fn line(verification: &Verification, promise: Promise) -> String {
    let name = promise.name();
    match verification.findings.of(promise) {
        None => format!("holds   {name}"),
        Some(found) => format!(
            "BROKEN  {name}, in {} places; the first: {}",
            found.count, found.first
        ),
    }
}

fn as_value(verification: &Verification) -> Value {
    let promise = |promise: Promise| {
        let found = verification.findings.of(promise);
        json!({
            "name": promise.name(),
            "holds": found.is_none(),
            "differences": found.map_or(0, |found| found.count),
            "first_difference": found.map(|found| &found.first),
        })
    };
    let chains: Vec<_> = verification
        .tips
        .iter()
        .map(|(owner, tip)| {
            json!({
                "organization_id": owner.as_uuid(),
                "blocks": tip.block,
                "last_hash": format!("{:x}", tip.hash),
            })
        })
        .collect();
    json!({
        "holds": verification.findings.is_empty(),
        "transfers": verification.transfers,
        "chained_transfers": verification.chained,
        "entries": verification.entries,
        "pages": verification.pages,
        "chains": chains,
        "invariants": Promise::ALL.map(promise),
    })
}
