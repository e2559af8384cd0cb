//! Shows whether the ledger keeps its promises.

use std::{sync::Arc, time::Duration};

use adapters_postgres::PgInvariantQueries;
use app::{
    ledger::{ComparedFigures, check_invariants},
    ports::Clock,
};
use async_trait::async_trait;
use metrics::{Unit, describe_gauge, gauge};

use super::Chore;
use crate::wiring::Core;

const EVERY: Duration = Duration::from_mins(1);
const HOLDS: &str = "ledger_invariant_holds";

/// Compares the figures of all organizations.
pub(super) struct CheckInvariants {
    queries: PgInvariantQueries,
    clock: Arc<dyn Clock>,
}

impl CheckInvariants {
    pub(super) fn new(core: &Core) -> Self {
        describe_gauge!(
            HOLDS,
            Unit::Count,
            "Whether the ledger keeps a promise: 1 if it does, 0 if not"
        );
        Self {
            queries: PgInvariantQueries::new(core.database.clone()),
            clock: core.clock.clone(),
        }
    }
}

#[async_trait]
impl Chore for CheckInvariants {
    fn name(&self) -> &'static str {
        "check_invariants"
    }

    fn interval(&self) -> Duration {
        EVERY
    }

    async fn batch(&self) -> anyhow::Result<bool> {
        for check in check_invariants(&self.queries, None, self.clock.now()).await? {
            let (invariant, holds) = (check.promise.name(), check.holds());
            gauge!(HOLDS, "invariant" => invariant).set(if holds { 1.0 } else { 0.0 });
            let is_wrong = |it: &&ComparedFigures| it.expected != it.found;
            if let Some(wrong) = check.figures.iter().find(is_wrong) {
                tracing::error!(
                    invariant,
                    subject = wrong.subject,
                    expected = %wrong.expected,
                    found = %wrong.found,
                    "the ledger does not keep a promise"
                );
            }
        }
        Ok(false)
    }
}
