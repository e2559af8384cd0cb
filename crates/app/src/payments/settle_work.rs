//! Writing down what a provider has said.

use std::sync::Arc;

use domain::{
    actor::Actor,
    payments::{Chance, FollowUp},
    version::Version,
};
use jiff::Timestamp;

use super::{
    BeginWorkHandler, Patience, Report, SettleWorkError, Settled,
    overtaking::{is_noticed_meanwhile, notice_overtaken},
    settlement::is_given_up,
    work::out_of_step,
};
use crate::{
    ledger::Desk,
    platform::Caller,
    ports::{
        Clock, DeadPayment, IdGenerator, LockedWork, Sighting, StorageError, UnitOfWork, WorkKey,
    },
    transaction::CommandHandler,
};

/// Write down what a provider has said of this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettleWork {
    /// What it is about.
    pub key: WorkKey,
    /// As of which version it was asked.
    pub version: Version,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// What it said.
    pub report: Report,
    /// What share of its pause another attempt waits.
    pub chance: Chance,
}

/// Writes down what a provider has said, with all that follows from it in the ledger and on the invoice.
pub struct SettleWorkHandler {
    patience: Patience,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl SettleWorkHandler {
    /// A handler on these ports.
    pub fn new(patience: Patience, clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self {
            patience,
            clock,
            ids,
        }
    }

    fn apply(
        &self,
        work: &mut LockedWork,
        command: &SettleWork,
        (now, is_noticed): (Timestamp, bool),
    ) -> Result<(), StorageError> {
        let (progress, retry) = (work.progress(), &self.patience.retry);
        let follow_up = FollowUp {
            retry: retry.decide(progress.attempts, command.chance, now),
            check_at: self.patience.next_check(progress, (now, is_noticed)),
        };
        let stepped = match &command.report {
            Report::Executed(answer) | Report::LookedUp(Sighting::Seen(answer)) => {
                work.settle(answer, follow_up, now)
            }
            Report::LookedUp(Sighting::NeverArrived) => work.never_arrived(follow_up.retry, now),
            Report::LookedUp(Sighting::NoAnswer | Sighting::NotAsked) => {
                work.doubt(follow_up.check_at, now)
            }
        };
        stepped.map_err(out_of_step)
    }
}

impl CommandHandler<SettleWork> for SettleWorkHandler {
    type Output = Settled;
    type Error = SettleWorkError;

    const NAME: &'static str = "settle_payment_work";

    async fn handle(
        &self,
        command: &SettleWork,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Settled, SettleWorkError> {
        let (key, before) = (command.key, command.version);
        let Some(mut work) = uow.payment_work().lock_unchanged(key, before).await? else {
            return notice_overtaken(command, (&*self.ids, self.clock.now()), uow).await;
        };
        let now = self.clock.now();
        let is_noticed = is_noticed_meanwhile(command, uow).await?;
        self.apply(&mut work, command, (now, is_noticed))?;
        let caller = Caller {
            organization_id: key.organization_id,
            actor: Actor::Role(BeginWorkHandler::ROLE),
        };
        let desk = Desk {
            caller: &caller,
            ids: self.ids.as_ref(),
            now,
        };
        let _locked = work.save(before, desk, uow).await?;
        if !is_given_up(&work, &command.report) {
            return Ok(Settled::As(work.progress().stage.status()));
        }
        if let Some(dead) = DeadPayment::of(self.ids.new_id(), &work, now) {
            uow.payment_dead_letters().insert(&dead).await?;
        }
        Ok(Settled::Dead)
    }
}

#[cfg(test)]
mod tests;
