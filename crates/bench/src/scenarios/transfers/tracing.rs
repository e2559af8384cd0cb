//! What it costs that one in a hundred transfers is traced.

use anyhow::ensure;

use super::{CONNECTIONS, LEDGER, pair, single_plan};
use crate::{
    collector::Collector,
    figures::{Figure, Sample},
    posting::Choice,
    run::{Entrant, Race, Stage, Target},
    service::{DATABASE_URL, Service},
};

const LEAST: f64 = 0.95;
const API: &[&str] = &["api"];
const ENDPOINT: &str = "TALLYSTICK_TELEMETRY__OTLP_ENDPOINT";
const RATIO: (&str, &str) = ("TALLYSTICK_TELEMETRY__SAMPLING_RATIO", "0.01");

/// A service whose traces a collector takes, against one that records none, on the same ledger in turns.
pub(in crate::scenarios) async fn tracing(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let bank = stage.bank().await?;
    let plan = &single_plan(stage, Choice::Uniform).await?;
    let branch = bank.open_branch("ledger", LEDGER).await?;
    let collector = Collector::start()?;
    let url = collector.url();
    let untraced = [(DATABASE_URL, branch.url.as_str())];
    let traced = [untraced[0], (ENDPOINT, url.as_str()), RATIO];
    // Brings events on their way all the time, as a deployment's other processes do.
    let background = Service::start(&stage.program, &traced).await?;
    let services = [
        Service::start_in(API, &stage.program, &untraced).await?,
        Service::start_in(API, &stage.program, &traced).await?,
    ];
    let entrants = services.each_ref().map(|service| Entrant::Service {
        target: Target::from(service),
        plan,
        connections: CONNECTIONS,
    });
    let race = Race {
        stage,
        entrants: &entrants,
    };
    let samples = race.run().await?;
    drop((services, background));
    ensure!(
        collector.received() > 0,
        "nothing was traced, so nothing was measured"
    );
    let posted = samples.iter().map(Sample::answers).sum();
    branch.audit(posted, posted).await?;
    bank.close_branch("ledger", branch).await?;
    let [without, with] = pair(samples)?;
    let name = "`POST /transfers`, uniform, 64 connections, 1 % of them traced, against none";
    Ok(vec![Figure::of_transfers(
        name,
        (with, &without),
        Some(LEAST),
    )])
}
