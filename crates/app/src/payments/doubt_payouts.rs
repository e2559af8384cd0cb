//! Taking up payouts that may have come back.

mod doubt;

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use self::doubt::{Doubt, doubt_of_found};
use super::{Errand, Patience};
use crate::{
    ports::{Clock, StorageError, SuspectedReturn, UnitOfWork, WorkKey},
    transaction::CommandHandler,
};

/// Take these payouts up, as far as they are due and nobody else is at them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubtPayouts {
    /// Which payments.
    pub keys: Vec<WorkKey>,
    /// After what time whoever takes them up is presumed to be gone.
    pub lost_after: Duration,
}

/// Takes up payouts that may have come back. Nothing of the payment changes: it is completed until the provider says otherwise.
pub struct DoubtPayoutsHandler {
    patience: Patience,
    clock: Arc<dyn Clock>,
}

impl DoubtPayoutsHandler {
    /// A handler with this patience.
    pub const fn new(patience: Patience, clock: Arc<dyn Clock>) -> Self {
        Self { patience, clock }
    }

    async fn take_up(
        &self,
        suspect: SuspectedReturn,
        (now, lost_at): (Timestamp, Timestamp),
        uow: &mut dyn UnitOfWork,
    ) -> Result<Option<Errand>, StorageError> {
        let key = suspect.key;
        let found = uow
            .payments()
            .find_for_update(key.organization_id, key.payment_id);
        let doubt = doubt_of_found((key, lost_at), found.await)?;
        let returns = uow.suspected_returns();
        match doubt {
            Doubt::Ask(errand) => {
                returns.put_off(suspect, lost_at).await?;
                Ok(Some(*errand))
            }
            Doubt::Wait => {
                let due_at = self.patience.checks.next_after(suspect.checks, now);
                returns.put_off(suspect.checked_once_more(), due_at).await?;
                Ok(None)
            }
            Doubt::Baseless => {
                returns.clear(key).await?;
                Ok(None)
            }
        }
    }
}

impl CommandHandler<DoubtPayouts> for DoubtPayoutsHandler {
    type Output = Vec<Errand>;
    type Error = StorageError;

    const NAME: &'static str = "doubt_payouts";

    async fn handle(
        &self,
        command: &DoubtPayouts,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Vec<Errand>, StorageError> {
        let now = self.clock.now();
        let lost_after = SignedDuration::try_from(command.lost_after).unwrap_or_default();
        let mut errands = Vec::new();
        for key in &command.keys {
            let Some(suspect) = uow.suspected_returns().lock_due(*key, now).await? else {
                continue;
            };
            errands.extend(self.take_up(suspect, (now, now + lost_after), uow).await?);
        }
        Ok(errands)
    }
}

#[cfg(test)]
mod tests;
