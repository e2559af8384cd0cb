//! Whether a second service on the same database makes it slower, or loses anything.

use super::{CONNECTIONS, LEDGER, single_plan};
use crate::{
    figures::{Figure, Sample},
    posting::Choice,
    run::{Entrant, Race, Stage, Target},
    service::{DATABASE_URL, Service},
};

const LEAST: f64 = 1.0;
/// What the services do that are sent requests.
const API: &[&str] = &["api"];

/// Two services with its connections each, against one of them; and, for what it tells, with half of them each.
pub(in crate::scenarios) async fn instances(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let bank = stage.bank().await?;
    let plan = &single_plan(stage, Choice::Uniform).await?;
    let branch = bank.open_branch("ledger", LEDGER).await?;
    let settings = [(DATABASE_URL, branch.url.as_str())];
    // Brings events on their way all the time, as a deployment's other processes do.
    let background = Service::start(&stage.program, &settings).await?;
    let services = [
        Service::start_in(API, &stage.program, &settings).await?,
        Service::start_in(API, &stage.program, &settings).await?,
    ];
    let targets = services.each_ref().map(Target::from);
    let [target, _] = targets;
    let entrants = [
        Entrant::Service {
            target,
            plan,
            connections: CONNECTIONS,
        },
        Entrant::Services {
            targets,
            plan,
            connections: CONNECTIONS,
        },
        Entrant::Services {
            targets,
            plan,
            connections: CONNECTIONS / 2,
        },
    ];
    let race = Race {
        stage,
        entrants: &entrants,
    };
    let samples = race.run().await?;
    drop((services, background));
    let posted = samples.iter().map(Sample::answers).sum();
    branch.audit(posted, posted).await?;
    bank.close_branch("ledger", branch).await?;
    let [one, two, divided] = <[Sample; 3]>::try_from(samples)
        .map_err(|_others| anyhow::anyhow!("a sample for each entrant"))?;
    let name =
        "`POST /transfers`, uniform, two services with 64 connections each, against one with 64";
    let added = Figure::of_transfers(name, (two, &one), Some(LEAST));
    let name =
        "`POST /transfers`, uniform, two services with 32 connections each, against one with 64";
    let divided = Figure::of_transfers(name, (divided, &one), None);
    Ok(vec![added, divided])
}
