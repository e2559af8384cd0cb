//! The service and its yardstick, in turns: whatever else the machine does meets both.

use std::path::Path;

use super::{Extent, Stage, Target};
use crate::{figures::Sample, load::Report, usage};

/// A service, a yardstick, and what both are asked.
pub(crate) struct Contest<'a> {
    /// Where it takes place.
    pub(crate) stage: &'a Stage,
    /// The service.
    pub(crate) service: Target,
    /// What it is compared with.
    pub(crate) yardstick: Target,
    /// The plan that both are sent.
    pub(crate) plan: &'a Path,
}

impl Contest<'_> {
    /// All rounds; in each, the one begins that did not begin the last. No request of the plan is sent twice before all
    /// were sent, to whom ever, so that neither finds what the other has left in memory.
    pub(crate) async fn run(&self, connections: usize) -> anyhow::Result<(Sample, Sample)> {
        let (mut service, mut yardstick) = (Vec::new(), Vec::new());
        let mut skip = 0;
        for round in 0..self.stage.pace.rounds {
            let mut turns = [
                (self.service, &mut service),
                (self.yardstick, &mut yardstick),
            ];
            if round % 2 == 1 {
                turns.reverse();
            }
            for (target, reports) in turns {
                let report = self.turn(target, skip, connections).await?;
                skip += report.used;
                reports.push(report);
            }
        }
        let resident = |target: Target| usage::resident_mib_of(target.process_id);
        Ok((
            Sample::of(service, resident(self.service)),
            Sample::of(yardstick, resident(self.yardstick)),
        ))
    }

    async fn turn(
        &self,
        target: Target,
        skip: usize,
        connections: usize,
    ) -> anyhow::Result<Report> {
        if let Some(warehouse) = self.stage.warehouse() {
            warehouse.settle().await?;
        }
        let pace = &self.stage.pace;
        let extent = Extent::Time {
            warm_up_s: pace.warm_up_s,
            measured_s: pace.round_s,
        };
        self.stage
            .load(target, (self.plan, skip), connections, extent)
            .await?
            .of_success()
    }
}
