//! Taking up what is due.

use std::{sync::Arc, time::Duration};

use domain::{
    actor::Actor,
    payments::{FollowUp, Outcome, ProviderAnswer, ProviderReference, RetryDecision, Stage},
    version::Version,
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    ledger::{Desk, PostWithinError},
    platform::Caller,
    ports::{Clock, IdGenerator, LockedWork, ProviderOrder, StorageError, UnitOfWork, WorkKey},
    transaction::CommandHandler,
};

/// Take these up, as far as they are due and nobody else is at them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeginWork {
    /// Which ones.
    pub keys: Vec<WorkKey>,
    /// After what time whoever takes them up is presumed to be gone.
    pub lost_after: Duration,
}

/// What the provider is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// To do it.
    Execute,
    /// What became of it, and what the provider called it.
    LookUp(Option<ProviderReference>),
}

/// Something that was taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// What it is about.
    pub key: WorkKey,
    /// As of which version: whoever finds another one later has been too slow.
    pub version: Version,
    /// What is asked.
    pub question: Question,
    /// What is to be done.
    pub order: ProviderOrder,
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
        let before = work.version();
        let order = work.order();
        let stage = work.progress().stage;
        let question = match stage {
            Stage::Pending { .. } => {
                work.begin(presumed_lost_at, now).map_err(out_of_step)?;
                Question::Execute
            }
            Stage::Processing { .. } => {
                work.doubt(presumed_lost_at, now).map_err(out_of_step)?;
                Question::LookUp(work.progress().reference.clone())
            }
            Stage::Unknown { .. } => Question::LookUp(work.progress().reference.clone()),
            Stage::Completed { .. } | Stage::Failed { .. } | Stage::Cancelled { .. } => {
                return Ok(None);
            }
        };
        if order.is_none() {
            decline(&mut work, now)?;
        }
        if work.version() != before {
            self.save(&mut work, (before, now), uow).await?;
        }
        Ok(order.map(|order| Errand {
            key: work.key(),
            version: work.version(),
            question,
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
            Err(PostWithinError::Rejected(why)) => Err(out_of_step(why)),
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
        let mut errands = Vec::with_capacity(locked.len());
        for work in locked {
            errands.extend(self.take_up(work, (now, now + lost_after), uow).await?);
        }
        Ok(errands)
    }
}

/// What no provider can be asked about has not moved money, and will not.
fn decline(work: &mut LockedWork, now: Timestamp) -> Result<(), StorageError> {
    let answer = ProviderAnswer::of(Outcome::Declined, "cannot_be_asked");
    let follow_up = FollowUp {
        retry: RetryDecision::Never,
        check_at: now,
    };
    work.settle(&answer, follow_up, now).map_err(out_of_step)
}

fn out_of_step(why: impl std::error::Error + Send + Sync + 'static) -> StorageError {
    StorageError::Corrupt {
        entity: "payment",
        source: Box::new(why),
    }
}
