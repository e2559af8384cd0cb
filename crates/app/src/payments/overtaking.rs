//! What a worker has heard of something that others have dealt with meanwhile.

use domain::payments::{ProviderAnswer, Stage};
use jiff::Timestamp;

use super::{SettleWork, SettleWorkError, Settled};
use crate::ports::{DeadPayment, IdGenerator, LockedWork, StorageError, UnitOfWork, WorkKey};

/// Sees that nobody overlooks money that has moved. Whoever has it in hand hears the same from the provider; what has failed
/// is a dead letter from now on, which hears it when it is tried again; what was cancelled is a matter for a person.
pub(super) async fn notice_overtaken(
    command: &SettleWork,
    (ids, now): (&dyn IdGenerator, Timestamp),
    uow: &mut dyn UnitOfWork,
) -> Result<Settled, SettleWorkError> {
    let Some(answer) = command.report.moving() else {
        return Ok(Settled::Fenced);
    };
    let Some(work) = find(command.key, uow).await? else {
        return Ok(Settled::Fenced);
    };
    let stage = work.progress().stage;
    match stage {
        Stage::Processing { .. } | Stage::Unknown { .. } | Stage::Completed { .. } => {
            return Ok(Settled::Fenced);
        }
        Stage::Pending { .. } | Stage::Cancelled { .. } => {}
        Stage::Failed { .. } => {
            if let Some(dead) = DeadPayment::of(ids.new_id(), &work, now) {
                let dead = told(dead, answer);
                uow.payment_dead_letters().insert(&dead).await?;
            }
        }
    }
    Ok(Settled::Astray(stage.status()))
}

/// Whether a notice about it has come since the provider was asked, whose answer leaves open what becomes of it.
pub(super) async fn is_noticed_meanwhile(
    command: &SettleWork,
    uow: &mut dyn UnitOfWork,
) -> Result<bool, StorageError> {
    if !command.report.is_open() {
        return Ok(false);
    }
    let since = command.asked_at;
    uow.payment_work()
        .is_noticed_since(command.key, since)
        .await
}

fn told(dead: DeadPayment, answer: &ProviderAnswer) -> DeadPayment {
    DeadPayment {
        answer_code: Some(answer.code.as_str().to_owned()),
        ..dead
    }
}

/// As it stands now, locked.
async fn find(key: WorkKey, uow: &mut dyn UnitOfWork) -> Result<Option<LockedWork>, StorageError> {
    let (owner, payment_id) = (key.organization_id, key.payment_id);
    let Some(payment) = uow.payments().find_for_update(owner, payment_id).await? else {
        return Ok(None);
    };
    let payment = Box::new(payment);
    let Some(refund_id) = key.refund_id else {
        return Ok(Some(LockedWork::Payment(payment)));
    };
    let refund = uow.refunds().find_for_update(owner, refund_id).await?;
    Ok(refund.map(|refund| LockedWork::Refund {
        refund: Box::new(refund),
        payment,
    }))
}
