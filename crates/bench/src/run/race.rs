//! All that post transfers, in turns: whatever else the machine does meets all of them.

use std::path::Path;

use tokio::try_join;

use super::{Extent, Stage, Target};
use crate::{data::Branch, figures::Sample, load::Report, posting::Choice, tpcb::Tpcb, usage};

/// Somebody who posts transfers, or does what they are compared with.
#[derive(Clone, Copy)]
pub(crate) enum Entrant<'a> {
    /// TPC-B of a scale.
    Tpcb { scale: u32, clients: u32 },
    /// The engine alone, in a process with its callers.
    Engine {
        branch: &'a Branch,
        choice: Choice,
        callers: u32,
    },
    /// A service.
    Service {
        target: Target,
        plan: &'a Path,
        connections: usize,
    },
    /// Two services on the same database, with so many connections each.
    Services {
        targets: [Target; 2],
        plan: &'a Path,
        connections: usize,
    },
}

/// All of them on one bank.
pub(crate) struct Race<'a> {
    /// Where it takes place.
    pub(crate) stage: &'a Stage,
    /// Who takes part.
    pub(crate) entrants: &'a [Entrant<'a>],
}

impl Race<'_> {
    /// All rounds; each begins with the next entrant. The samples are in the order of the entrants.
    pub(crate) async fn run(&self) -> anyhow::Result<Vec<Sample>> {
        let count = self.entrants.len();
        let mut reports: Vec<Vec<Report>> = self.entrants.iter().map(|_| Vec::new()).collect();
        for round in 0..self.stage.pace.transfer_rounds {
            let turns = self.entrants.iter().zip(&mut reports);
            let mut turns: Vec<_> = turns.collect();
            turns.rotate_left(round % count.max(1));
            for (entrant, reports) in turns {
                let skip = reports.iter().map(|report| report.used).sum();
                self.stage.bank().await?.settle().await?;
                reports.push(self.turn(*entrant, skip).await?.of_success()?);
            }
        }
        let samples = self.entrants.iter().zip(reports);
        Ok(samples
            .map(|(entrant, reports)| Sample::of(reports, entrant.resident_mib()))
            .collect())
    }

    async fn turn(&self, entrant: Entrant<'_>, skip: usize) -> anyhow::Result<Report> {
        let stage = self.stage;
        let bank = stage.bank().await?;
        let seconds = stage.pace.transfer_round_s;
        let extent = Extent::Time {
            // `pgbench` knows no such time: it has nothing to warm up but its connections, which it does not measure.
            warm_up_s: stage.pace.warm_up_s,
            measured_s: f64::from(seconds),
        };
        match entrant {
            Entrant::Tpcb { scale, clients } => {
                let tpcb = Tpcb { clients, seconds };
                bank.run_tpcb(scale, tpcb, stage.scratch()).await
            }
            Entrant::Engine {
                branch,
                choice,
                callers,
            } => {
                let mut arguments = engine_arguments(branch, choice, callers);
                arguments.push(format!("--database-pid={}", bank.postmaster_pid()));
                arguments.extend(extent.arguments());
                stage.report(&arguments).await
            }
            Entrant::Service {
                target,
                plan,
                connections,
            } => stage.load(target, (plan, skip), connections, extent).await,
            Entrant::Services {
                targets: [one, other],
                plan,
                connections,
            } => {
                let (one, other) = try_join!(
                    stage.load(one, (plan, skip), connections, extent),
                    stage.load(other, (plan, skip + 1), connections, extent)
                )?;
                Ok(one.beside(&other))
            }
        }
    }
}

fn engine_arguments(branch: &Branch, choice: Choice, callers: u32) -> Vec<String> {
    let choice = match choice {
        Choice::Uniform => "uniform",
        Choice::Zipf => "zipf",
        Choice::Hot => "hot",
    };
    vec![
        "post".to_owned(),
        format!("--database={}", branch.url),
        format!("--organization={}", branch.organization),
        format!("--accounts={}", branch.size.accounts),
        format!("--choice={choice}"),
        format!("--callers={callers}"),
    ]
}

impl Entrant<'_> {
    fn resident_mib(&self) -> Option<f64> {
        match self {
            Self::Service { target, .. } => usage::resident_mib_of(target.process_id),
            Self::Tpcb { .. } | Self::Engine { .. } | Self::Services { .. } => None,
        }
    }
}
