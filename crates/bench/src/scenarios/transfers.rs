//! Transfers over HTTP: with authentication, rate limit, idempotency keys, and the log.

mod bodies;
mod growth;
mod instances;
mod tracing;

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use self::bodies::{batches, singles};
pub(super) use self::{growth::growth, instances::instances, tracing::tracing};
use super::{CONNECTIONS, LEDGER};
use crate::{
    figures::{Figure, Sample},
    load::Plan,
    posting::Choice,
    run::{Entrant, Race, Stage, Target},
    service::{DATABASE_URL, Service},
};

/// TPC-B where its clients seldom meet, and where all of them change the same row.
const TPCB_UNIFORM: Entrant<'_> = Entrant::Tpcb {
    scale: 10,
    clients: 64,
};
const TPCB_HOT: Entrant<'_> = Entrant::Tpcb {
    scale: 1,
    clients: 64,
};
const CROWD: usize = 1_024;
/// What share of the throughput of fewer connections a crowd must reach.
const CROWD_LEAST: f64 = 0.9;
/// How many times its own p50 the p99 of a crowd may be.
const CROWD_SPREAD_MAX: f64 = 20.0;
const BATCH_SIZE: u32 = 1_000;
const BATCH_CONNECTIONS: usize = 4;

/// Against TPC-B at scale 10.
pub(super) async fn uniform(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let plan = single_plan(stage, Choice::Uniform).await?;
    let samples = against(stage, TPCB_UNIFORM, (&plan, 1), &[CONNECTIONS]).await?;
    let [yardstick, ours] = pair(samples)?;
    let name = "`POST /transfers`, uniform, 64 connections";
    let figure = Figure::of_transfers(name, (ours, &yardstick), Some(2.5));
    Ok(vec![figure])
}

/// Against TPC-B at scale 1.
pub(super) async fn hot(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let plan = single_plan(stage, Choice::Hot).await?;
    let samples = against(stage, TPCB_HOT, (&plan, 1), &[CONNECTIONS]).await?;
    let [yardstick, ours] = pair(samples)?;
    let name = "`POST /transfers`, one hot account, 64 connections";
    let figure = Figure::of_transfers(name, (ours, &yardstick), Some(6.0));
    Ok(vec![figure])
}

/// Many connections against our own few.
pub(super) async fn crowd(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let plan = single_plan(stage, Choice::Uniform).await?;
    let samples = posted(stage, &[], (&plan, 1), &[CONNECTIONS, CROWD]).await?;
    let [few, many] = pair(samples)?;
    let spread = many.p99_ms / many.p50_ms;
    let name = "`POST /transfers`, uniform, 1,024 connections, against our own 64";
    let figure = Figure::of_transfers(name, (many, &few), Some(CROWD_LEAST));
    Ok(vec![Figure {
        reached: format!("{}; p99 {spread:.1} × p50", figure.reached),
        required: format!("{}, p99 ≤ {CROWD_SPREAD_MAX} × p50", figure.required),
        is_ok: figure.is_ok && spread <= CROWD_SPREAD_MAX,
        ..figure
    }])
}

/// A thousand transfers at once, against TPC-B at scale 10.
pub(super) async fn batch(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let bodies = batches(LEDGER.accounts, BATCH_SIZE);
    let plan = plan(stage, "POST /api/v1/transfers/batch", bodies).await?;
    let batches = (&plan, BATCH_SIZE);
    let samples = against(stage, TPCB_UNIFORM, batches, &[BATCH_CONNECTIONS]).await?;
    let [yardstick, ours] = pair(samples)?;
    let name = "`POST /transfers/batch`, 1,000 independent transfers, 4 connections: transfers/s";
    let ours = ours.of_batches(BATCH_SIZE);
    let figure = Figure::of_transfers(name, (ours, &yardstick), Some(5.0));
    Ok(vec![figure])
}

/// Writes a plan of single transfers.
pub(super) async fn single_plan(stage: &Stage, choice: Choice) -> anyhow::Result<PathBuf> {
    let bodies = singles(choice, LEDGER.accounts);
    plan(stage, "POST /api/v1/transfers", bodies).await
}

/// Writes a plan that sends these one after the other.
pub(super) async fn plan(
    stage: &Stage,
    request: &str,
    bodies: Vec<String>,
) -> anyhow::Result<PathBuf> {
    let plan = Plan {
        key: stage.bank().await?.tenant.key.clone(),
        bodies,
        requests: vec![request.to_owned()],
    };
    let name = request.rsplit('/').next().unwrap_or_default();
    stage.plan(name, &plan)
}

/// The samples of TPC-B, and then of the service with each number of connections.
async fn against(
    stage: &Stage,
    tpcb: Entrant<'_>,
    plan: (&PathBuf, u32),
    connections: &[usize],
) -> anyhow::Result<Vec<Sample>> {
    if let Entrant::Tpcb { scale, .. } = tpcb {
        stage.bank().await?.prepare_tpcb(scale).await?;
    }
    posted(stage, &[tpcb], plan, connections).await
}

/// The samples of the yardsticks, and then of the service with each number of connections, in turns; each request of the
/// plan posts so many transfers. Then the ledger is checked.
async fn posted(
    stage: &Stage,
    yardsticks: &[Entrant<'_>],
    (plan, size): (&PathBuf, u32),
    connections: &[usize],
) -> anyhow::Result<Vec<Sample>> {
    let bank = stage.bank().await?;
    let branch = bank.open_branch("ledger", LEDGER).await?;
    let service = Service::start(&stage.program, &[(DATABASE_URL, &branch.url)]).await?;
    let over = |connections: &usize| Entrant::Service {
        target: Target::from(&service),
        plan,
        connections: *connections,
    };
    let ours = connections.iter().map(over);
    let entrants: Vec<_> = yardsticks.iter().copied().chain(ours).collect();
    let race = Race {
        stage,
        entrants: &entrants,
    };
    let samples = race.run().await?;
    drop(service);
    let ours = samples.iter().skip(yardsticks.len());
    let answers: usize = ours.map(Sample::answers).sum();
    branch
        .audit(answers * usize::try_from(size)?, answers)
        .await?;
    bank.close_branch("ledger", branch).await?;
    Ok(samples)
}

/// Transfers and something else, in turns by one service, which is ended then: what of each, and how many were answered of each.
pub(super) async fn in_turns(
    stage: &Stage,
    service: Service,
    plans: [&Path; 2],
) -> anyhow::Result<([Sample; 2], [usize; 2])> {
    let target = Target::from(&service);
    let entrants = plans.map(|plan| Entrant::Service {
        target,
        plan,
        connections: CONNECTIONS,
    });
    let race = Race {
        stage,
        entrants: &entrants,
    };
    let samples = pair(race.run().await?)?;
    let answers = samples.each_ref().map(Sample::answers);
    Ok((samples, answers))
}

pub(super) fn pair(samples: Vec<Sample>) -> anyhow::Result<[Sample; 2]> {
    samples.try_into().ok().context("two take part")
}
