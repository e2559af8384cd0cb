//! What workers do about payments and refunds alike.

use domain::{
    ids::OrganizationId,
    payments::{
        FollowUp, Outcome, Payment, PaymentTransitionForbidden, Progress, ProviderAnswer,
        RetryDecision, Stage,
    },
    version::Version,
};
use jiff::Timestamp;

use super::{Question, RefundInHand, order_of_payment, order_of_refund, save_payment, save_refund};
use crate::{
    ledger::{Desk, PostWithinError},
    ports::{LockedWork, ProviderOrder, Saved, StorageError, UnitOfWork, WorkKey},
};

type Step = Result<(), PaymentTransitionForbidden>;

impl LockedWork {
    /// What it is.
    pub fn key(&self) -> WorkKey {
        let payment = self.payment().facts();
        WorkKey {
            organization_id: payment.organization_id,
            payment_id: payment.id,
            refund_id: match self {
                Self::Payment(_) => None,
                Self::Refund { refund, .. } => Some(refund.facts().id),
            },
        }
    }

    /// Whose it is.
    pub(super) fn organization_id(&self) -> OrganizationId {
        self.payment().facts().organization_id
    }

    /// How far it is.
    pub(super) fn progress(&self) -> &Progress {
        match self {
            Self::Payment(payment) => &payment.facts().progress,
            Self::Refund { refund, .. } => &refund.facts().progress,
        }
    }

    /// Its version.
    pub(super) fn version(&self) -> Version {
        match self {
            Self::Payment(payment) => payment.facts().version,
            Self::Refund { refund, .. } => refund.facts().version,
        }
    }

    /// What the provider is asked to do; `None` when it cannot be asked.
    pub(super) fn order(&self) -> Option<ProviderOrder> {
        match self {
            Self::Payment(payment) => order_of_payment(payment.facts()),
            Self::Refund { refund, payment } => order_of_refund(refund.facts(), payment.facts()),
        }
    }

    /// Takes it up, as far as it is under way: an attempt is begun, and one that somebody else has begun is doubted. Tells
    /// what the provider is to be asked.
    pub(super) fn take_up(
        &mut self,
        presumed_lost_at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Question>, StorageError> {
        match self.progress().stage {
            Stage::Pending { .. } => {
                self.begin(presumed_lost_at, now).map_err(out_of_step)?;
                return Ok(Some(Question::Execute));
            }
            Stage::Processing { .. } => {
                self.doubt(presumed_lost_at, now).map_err(out_of_step)?;
            }
            Stage::Unknown { .. } => {}
            Stage::Completed { .. } | Stage::Failed { .. } | Stage::Cancelled { .. } => {
                return Ok(None);
            }
        }
        let reference = self.progress().reference.clone();
        Ok(Some(Question::LookUp(reference)))
    }

    /// What no provider can be asked about has not moved money, and will not.
    pub(super) fn decline(&mut self, now: Timestamp) -> Result<(), StorageError> {
        let answer = ProviderAnswer::of(Outcome::Declined, "cannot_be_asked");
        let follow_up = FollowUp {
            retry: RetryDecision::Never,
            check_at: now,
        };
        self.settle(&answer, follow_up, now).map_err(out_of_step)
    }

    /// Begins an attempt.
    fn begin(&mut self, presumed_lost_at: Timestamp, now: Timestamp) -> Step {
        match self {
            Self::Payment(payment) => payment.begin(presumed_lost_at, now),
            Self::Refund { refund, .. } => refund.begin(presumed_lost_at, now),
        }
    }

    /// Takes an answer.
    pub(super) fn settle(
        &mut self,
        answer: &ProviderAnswer,
        follow_up: FollowUp,
        now: Timestamp,
    ) -> Step {
        match self {
            Self::Payment(payment) => payment.settle(answer, follow_up, now),
            Self::Refund { refund, .. } => refund.settle(answer, follow_up, now),
        }
    }

    /// Takes note that the provider has never heard of it.
    pub(super) fn never_arrived(&mut self, retry: RetryDecision, now: Timestamp) -> Step {
        match self {
            Self::Payment(payment) => payment.never_arrived(retry, now),
            Self::Refund { refund, .. } => refund.never_arrived(retry, now),
        }
    }

    /// Takes note that nobody knows, or still nobody does.
    pub(super) fn doubt(&mut self, next_check_at: Timestamp, now: Timestamp) -> Step {
        match self {
            Self::Payment(payment) => payment.doubt(next_check_at, now),
            Self::Refund { refund, .. } => refund.doubt(next_check_at, now),
        }
    }

    /// Stores it, with all that follows.
    pub(super) async fn save(
        &mut self,
        before: Version,
        desk: Desk<'_>,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Saved, PostWithinError> {
        match self {
            Self::Payment(payment) => save_payment(payment, before, desk, uow).await,
            Self::Refund { refund, payment } => {
                let in_hand = RefundInHand {
                    refund,
                    before,
                    payment,
                };
                save_refund(in_hand, desk, uow).await
            }
        }
    }

    fn payment(&self) -> &Payment {
        match self {
            Self::Payment(payment) | Self::Refund { payment, .. } => payment,
        }
    }
}

/// Nobody else asks meanwhile about those of these that nobody knows of: what has been found out by one should not meet that
/// another one found out nothing.
pub(super) async fn leave_to_one(
    locked: &[LockedWork],
    until: Timestamp,
    uow: &mut dyn UnitOfWork,
) -> Result<(), StorageError> {
    let in_doubt = locked
        .iter()
        .filter(|it| matches!(it.progress().stage, Stage::Unknown { .. }));
    let in_doubt: Vec<_> = in_doubt.map(LockedWork::key).collect();
    if in_doubt.is_empty() {
        return Ok(());
    }
    uow.payment_work().put_off(&in_doubt, until).await
}

/// What is locked takes the steps of where it stands.
pub(super) fn out_of_step(why: impl std::error::Error + Send + Sync + 'static) -> StorageError {
    StorageError::Corrupt {
        entity: "payment",
        source: Box::new(why),
    }
}
