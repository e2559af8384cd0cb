//! Writing down what a provider has said.

use std::sync::Arc;

use domain::{
    actor::Actor,
    ledger::Rejection,
    payments::{
        Chance, CheckSchedule, FollowUp, Outcome, PaymentStatus, ProviderAnswer, RetryPolicy,
    },
    version::Version,
};
use jiff::Timestamp;

use super::BeginWorkHandler;
use crate::{
    ledger::{Desk, PostWithinError},
    platform::Caller,
    ports::{
        Clock, DeadPayment, IdGenerator, LockedWork, Sighting, StorageError, UnitOfWork, WorkKey,
    },
    transaction::CommandHandler,
};

/// What a provider has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// To an order.
    Executed(ProviderAnswer),
    /// To a question.
    LookedUp(Sighting),
}

/// Write down what a provider has said of this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettleWork {
    /// What it is about.
    pub key: WorkKey,
    /// As of which version it was asked.
    pub version: Version,
    /// What it said.
    pub report: Report,
    /// What share of its pause another attempt waits.
    pub chance: Chance,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It stands like this now.
    As(PaymentStatus),
    /// The same, and it is a dead letter.
    Dead,
    /// Somebody else has dealt with it meanwhile.
    Fenced,
}

/// Why it could not be written down.
#[derive(Debug, thiserror::Error)]
pub enum SettleWorkError {
    /// The money has moved at the provider, and the ledger refuses to move it.
    #[error("the ledger refuses what the provider has done")]
    Unbooked(#[from] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// How patient workers are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patience {
    /// With what may be tried again.
    pub retry: RetryPolicy,
    /// With what nobody knows.
    pub checks: CheckSchedule,
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
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let progress = work.progress();
        let checks = progress.stage.doubt().map_or(0, |(_, checks)| checks + 1);
        let attempts = progress.attempts;
        let follow_up = FollowUp {
            retry: self.patience.retry.decide(attempts, command.chance, now),
            check_at: self.patience.checks.next_after(checks, now),
        };
        let stepped = match &command.report {
            Report::Executed(answer) | Report::LookedUp(Sighting::Seen(answer)) => {
                work.settle(answer, follow_up, now)
            }
            Report::LookedUp(Sighting::NeverArrived) => work.never_arrived(follow_up.retry, now),
            Report::LookedUp(Sighting::NoAnswer) => work.doubt(follow_up.check_at, now),
        };
        stepped.map_err(|why| StorageError::Corrupt {
            entity: "payment",
            source: Box::new(why),
        })
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
            return Ok(Settled::Fenced);
        };
        let now = self.clock.now();
        self.apply(&mut work, command, now)?;

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

impl From<PostWithinError> for SettleWorkError {
    fn from(error: PostWithinError) -> Self {
        match error {
            PostWithinError::Rejected(why) => Self::Unbooked(why),
            PostWithinError::Storage(why) => Self::Storage(why),
        }
    }
}

/// A decline is an answer; whatever else ends a payment is a matter for a person.
fn is_given_up(work: &LockedWork, report: &Report) -> bool {
    let is_declined = match report {
        Report::Executed(answer) | Report::LookedUp(Sighting::Seen(answer)) => {
            answer.outcome == Outcome::Declined
        }
        Report::LookedUp(Sighting::NeverArrived | Sighting::NoAnswer) => false,
    };
    work.progress().stage.status() == PaymentStatus::Failed && !is_declined
}
