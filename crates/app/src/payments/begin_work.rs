//! Taking up what is due.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::{actor::Actor, version::Version};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Errand, work};
use crate::{
    ledger::{Desk, PostWithinError},
    platform::Caller,
    ports::{Clock, IdGenerator, LockedWork, StorageError, UnitOfWork, WorkKey},
    traces::{self, TraceContext},
    transaction::CommandHandler,
};

/// Take these up, as far as they are due and nobody else is at them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeginWork {
    /// Which ones.
    pub keys: Vec<WorkKey>,
    /// The traces that they belong to, by their ids, as far as there are any.
    pub causes: HashMap<Uuid, TraceContext>,
    /// After what time whoever takes them up is presumed to be gone.
    pub lost_after: Duration,
}

/// Takes up what is due. An attempt is written down before the provider hears of it: whoever finds it so later knows that
/// the provider may have heard.
pub struct BeginWorkHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl BeginWorkHandler {
    /// What the history calls workers.
    pub const ROLE: &'static str = "worker";

    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }

    async fn take_up(
        &self,
        mut work: LockedWork,
        (now, presumed_lost_at): (Timestamp, Timestamp),
        uow: &mut dyn UnitOfWork,
    ) -> Result<Option<Errand>, StorageError> {
        let (before, order) = (work.version(), work.order());
        let Some(question) = work.take_up(presumed_lost_at, now)? else {
            return Ok(None);
        };
        if order.is_none() {
            work.decline(now)?;
        }
        if work.version() != before {
            self.save(&mut work, (before, now), uow).await?;
        }
        Ok(order.map(|order| Errand {
            key: work.key(),
            version: work.version(),
            presumed_lost_at,
            question,
            cause: None,
            order,
        }))
    }

    async fn save(
        &self,
        work: &mut LockedWork,
        (before, now): (Version, Timestamp),
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), StorageError> {
        let caller = Caller {
            organization_id: work.organization_id(),
            actor: Actor::Role(Self::ROLE),
        };
        let desk = Desk {
            caller: &caller,
            ids: self.ids.as_ref(),
            now,
        };
        match work.save(before, desk, uow).await {
            Ok(_locked) => Ok(()),
            Err(PostWithinError::Storage(error)) => Err(error),
            Err(PostWithinError::Rejected(why)) => Err(work::out_of_step(why)),
        }
    }
}

impl CommandHandler<BeginWork> for BeginWorkHandler {
    type Output = Vec<Errand>;
    type Error = StorageError;

    const NAME: &'static str = "begin_payment_work";

    async fn handle(
        &self,
        command: &BeginWork,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Vec<Errand>, StorageError> {
        let now = self.clock.now();
        let lost_after = SignedDuration::try_from(command.lost_after).unwrap_or_default();
        let locked = uow.payment_work().lock_due(&command.keys, now).await?;
        work::leave_to_one(&locked, now + lost_after, uow).await?;
        let mut errands = Vec::with_capacity(locked.len());
        for work in locked {
            let cause = command.causes.get(&work.key().id()).copied();
            let taking_up = self.take_up(work, (now, now + lost_after), uow);
            let errand = traces::within(cause, taking_up).await?;
            errands.extend(errand.map(|errand| Errand { cause, ..errand }));
        }
        Ok(errands)
    }
}

#[cfg(test)]
mod tests;
