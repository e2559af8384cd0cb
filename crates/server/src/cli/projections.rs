//! `tallystick projections`: what queries read that is made from events.

use app::vouchers::{RebuildProgress, VoucherRebuild};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use std::sync::OnceLock;

use super::{desk, output, progress::Progress};
use crate::{config::Inputs, wiring::Core};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Rebuild(Arguments),
}

/// Makes projections anew, beside servers that run.
///
/// Queries read the old ones until the new ones are there. Events that happen meanwhile are in both. A rebuild that is interrupted
/// changes nothing for anybody, and is cleared away by the next one, or after ten minutes by a scheduler.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Which ones.
    projections: Projections,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Projections {
    /// How campaigns do, and lists of vouchers.
    Vouchers,
}

/// A bar, once it is known how much there is to do.
#[derive(Default)]
struct Bar(OnceLock<Progress>);

impl RebuildProgress for Bar {
    fn begin(&self, count: u64) {
        if let Ok(progress) = Progress::over(count, "vouchers, campaigns and redemptions") {
            // Begun once.
            let _ = self.0.set(progress);
        }
    }

    fn advance(&self, more: u64) {
        if let Some(progress) = self.0.get() {
            progress.advance(more);
        }
    }
}

pub(super) fn run(command: &Command, inputs: &Inputs) -> anyhow::Result<()> {
    let Command::Rebuild(arguments) = command;
    let Projections::Vouchers = arguments.projections;
    let copied = desk::run_with_core(inputs, async |core: &Core| {
        let bar = Bar::default();
        let making = VoucherRebuild::new(core.bus.clone(), core.clock.clone());
        let rebuilt = making.run(&bar).await;
        if let Some(progress) = bar.0.get() {
            progress.end();
        }
        Ok(rebuilt?)
    })?;
    if arguments.json {
        output::print_json(&json!({"projections": "vouchers", "aggregates": copied}))
    } else {
        let text = format!("rebuilt from {copied} campaigns, vouchers and redemptions");
        Ok(output::print(&text)?)
    }
}
