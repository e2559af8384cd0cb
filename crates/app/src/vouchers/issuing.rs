//! Working off what was ordered: a piece of whatever has waited longest, and the next one of something else.
//!
//! A job that cannot be worked at is set aside for a while, longer each time, so that it keeps nobody behind it waiting.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::ids::JobId;
use jiff::{SignedDuration, Timestamp};

use super::{IssueOrdered, IssueOrderedHandler};
use crate::{
    ports::{Clock, IssueJobQueries, StorageError},
    transaction::CommandBus,
};

/// For how long a job is set aside when it fails for the first time; twice as long each time after that.
const ASIDE_MIN: Duration = Duration::from_secs(1);
const ASIDE_MAX: Duration = Duration::from_mins(5);

/// What issuing works with.
pub struct IssuingParts {
    /// Runs the pieces.
    pub bus: CommandBus,
    /// Issues a piece.
    pub handler: Arc<IssueOrderedHandler>,
    /// Knows the jobs.
    pub jobs: Arc<dyn IssueJobQueries>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Issues vouchers that were ordered.
pub struct Issuing {
    parts: IssuingParts,
    aside: HashMap<JobId, Aside>,
}

/// A job that has failed.
struct Aside {
    until: Timestamp,
    failures: u32,
}

impl Issuing {
    /// With nothing set aside.
    pub fn new(parts: IssuingParts) -> Self {
        Self {
            parts,
            aside: HashMap::new(),
        }
    }

    /// Works until there is nothing left that somebody could be at, or until `goes_on` says no. Tells how many pieces were
    /// issued; the error is of looking for work only.
    pub async fn work(&mut self, goes_on: impl Fn() -> bool) -> Result<usize, StorageError> {
        let (mut pieces, mut others) = (0, Vec::new());
        while goes_on() {
            let mut except = self.set_aside();
            except.extend(&others);
            let Some((organization_id, id)) = self.parts.jobs.next(&except).await? else {
                break;
            };
            let piece = IssueOrdered {
                organization_id,
                id,
            };
            match self
                .parts
                .bus
                .execute(self.parts.handler.clone(), piece)
                .await
            {
                Ok(true) => {
                    self.aside.remove(&id);
                    others.clear();
                    pieces += 1;
                }
                // Somebody else is at it.
                Ok(false) => others.push(id),
                Err(why) => self.put_aside(id, &why),
            }
        }
        Ok(pieces)
    }

    /// Those that are not looked at for now. What has been left alone for as long as that is forgotten.
    fn set_aside(&mut self) -> Vec<JobId> {
        let now = self.parts.clock.now();
        self.aside
            .retain(|_, it| now.duration_since(it.until) < SignedDuration::from_hours(1));
        let is_aside = |(id, it): (&JobId, &Aside)| (it.until > now).then_some(*id);
        self.aside.iter().filter_map(is_aside).collect()
    }

    fn put_aside(&mut self, id: JobId, why: &StorageError) {
        let failures = self.aside.get(&id).map_or(0, |it| it.failures);
        let wait = ASIDE_MIN
            .saturating_mul(1 << failures.min(16))
            .min(ASIDE_MAX);
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        let now = self.parts.clock.now();
        let aside = Aside {
            until: now.saturating_add(wait).unwrap_or(now),
            failures: failures.saturating_add(1),
        };
        self.aside.insert(id, aside);
        let why: &dyn std::error::Error = why;
        tracing::warn!(error = why, job = %id, "vouchers cannot be issued at the moment");
    }
}

#[cfg(test)]
mod tests;
