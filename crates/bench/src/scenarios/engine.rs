//! Transfers through the posting engine alone, each with its two entries, its event, and its answer kept under a key.

use anyhow::Context as _;

use super::LEDGER;
use crate::{
    figures::{Figure, Sample},
    posting::Choice,
    run::{Entrant, Race, Stage},
};

/// TPC-B where its clients seldom meet: at scale 1 all of them change the same row, at scale 10 one of ten.
const SCALE_UNIFORM: u32 = 10;
const SCALE_HOT: u32 = 1;
const CLIENTS: u32 = 64;
/// How many times the p50 of TPC-B a lone caller may wait.
const LONE_FACTOR_MAX: f64 = 2.0;

/// Which part of its throughput the engine keeps when it writes events.
const EVENTS_FACTOR_MIN: f64 = 0.75;

/// How many callers there are, and how many times the yardstick's throughput they must reach, if any.
type Required = (u32, Option<f64>);

/// Against TPC-B at scale 10.
pub(super) async fn uniform(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let required = [(64, Some(4.0)), (256, Some(6.0)), (16, None)];
    throughput(stage, (Choice::Uniform, SCALE_UNIFORM), &required).await
}

/// The same yardstick, but for information.
pub(super) async fn zipf(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let required = [(64, None), (256, None)];
    throughput(stage, (Choice::Zipf, SCALE_UNIFORM), &required).await
}

/// Against TPC-B at scale 1.
pub(super) async fn hot(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let required = [(64, Some(8.0)), (256, Some(12.0))];
    throughput(stage, (Choice::Hot, SCALE_HOT), &required).await
}

/// One caller, one transfer at a time, against one client of TPC-B.
pub(super) async fn lone(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let callers = [(1, None)];
    let (ours, yardstick) = race(stage, (Choice::Uniform, SCALE_UNIFORM), (&callers, 1)).await?;
    let ours = ours.into_iter().next().context("nobody took part")?;
    let name = "engine alone, uniform, one caller: p50";
    Ok(vec![Figure::of_latency(
        name,
        (ours, &yardstick),
        LONE_FACTOR_MAX,
    )])
}

/// The engine against itself on a ledger whose events are thrown away as they are written.
pub(super) async fn events(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let bank = stage.bank().await?;
    let told = bank.open_branch("told", LEDGER).await?;
    let silent = bank.open_branch("silent", LEDGER).await?;
    silent.throw_events_away().await?;
    let engine = |branch| Entrant::Engine {
        branch,
        choice: Choice::Uniform,
        callers: CLIENTS,
    };
    let race = Race {
        stage,
        entrants: &[engine(&silent), engine(&told)],
    };
    let mut samples = race.run().await?.into_iter();
    let (without, with) = (samples.next(), samples.next());
    let (without, with) = (without.zip(with)).context("nobody took part")?;
    bank.close_branch("told", told).await?;
    bank.close_branch("silent", silent).await?;
    let name = "engine alone, uniform, 64 callers: with events against without";
    let least = Some(EVENTS_FACTOR_MIN);
    Ok(vec![Figure::of_transfers(name, (with, &without), least)])
}

async fn throughput(
    stage: &Stage,
    (choice, scale): (Choice, u32),
    required: &[Required],
) -> anyhow::Result<Vec<Figure>> {
    let (ours, yardstick) = race(stage, (choice, scale), (required, CLIENTS)).await?;
    let kind = match choice {
        Choice::Uniform => "uniform",
        Choice::Zipf => "zipf",
        Choice::Hot => "one hot account",
    };
    let figure = |((callers, least), sample): (&Required, Sample)| {
        let name = format!("engine alone, {kind}, {callers} callers");
        Figure::of_transfers(&name, (sample, &yardstick), *least)
    };
    Ok(required.iter().zip(ours).map(figure).collect())
}

/// TPC-B and the engine with each number of callers, in turns; then the ledger is checked.
async fn race(
    stage: &Stage,
    (choice, scale): (Choice, u32),
    (required, clients): (&[Required], u32),
) -> anyhow::Result<(Vec<Sample>, Sample)> {
    let bank = stage.bank().await?;
    bank.prepare_tpcb(scale).await?;
    let branch = bank.open_branch("ledger", LEDGER).await?;
    let engine = |(callers, _): &Required| Entrant::Engine {
        branch: &branch,
        choice,
        callers: *callers,
    };
    let tpcb = Entrant::Tpcb { scale, clients };
    let entrants: Vec<_> = std::iter::once(tpcb)
        .chain(required.iter().map(engine))
        .collect();
    let race = Race {
        stage,
        entrants: &entrants,
    };
    let mut samples = race.run().await?;
    let ours = samples.split_off(1);
    let yardstick = samples.pop().context("nobody took part")?;
    let posted = ours.iter().map(Sample::answers).sum();
    branch.audit(posted, posted).await?;
    bank.close_branch("ledger", branch).await?;
    Ok((ours, yardstick))
}
