//! Forgetting what invoices looked like that are too old to have duplicates.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::{
    platform::Forgotten,
    ports::{Clock, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Forget one batch of looks that are older than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForgetLooks {
    /// How old an invoice is whose look is not needed any more.
    pub older_than: SignedDuration,
    /// How many at most.
    pub batch: u32,
}

/// Forgets looks. Any number may run at once.
pub struct ForgetLooksHandler {
    clock: Arc<dyn Clock>,
}

impl ForgetLooksHandler {
    /// A handler on this port.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl CommandHandler<ForgetLooks> for ForgetLooksHandler {
    type Output = Forgotten;
    type Error = StorageError;

    const NAME: &'static str = "forget_looks";

    async fn handle(
        &self,
        command: &ForgetLooks,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Forgotten, StorageError> {
        let now = self.clock.now();
        let before = now.saturating_sub(command.older_than).unwrap_or(now);
        let reviews = uow.invoice_reviews();
        let count = reviews
            .forget_looks(before, i64::from(command.batch))
            .await?;
        let has_more = count == u64::from(command.batch);
        Ok(Forgotten { count, has_more })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::testing::{FakeUnitOfWork, FixedClock, NOW};

    #[rstest]
    #[case::a_full_batch(10, true)]
    #[case::the_last_one(9, false)]
    #[tokio::test]
    async fn what_is_too_old_is_forgotten(#[case] count: u64, #[case] has_more: bool) {
        let mut uow = FakeUnitOfWork::default();
        uow.invoice_reviews
            .expect_forget_looks()
            .once()
            .withf(|before, limit| {
                (before.to_string(), *limit) == ("2026-11-19T12:00:00Z".to_owned(), 10)
            })
            .returning(move |_, _| Ok(count));
        let command = ForgetLooks {
            older_than: SignedDuration::from_hours(24),
            batch: 10,
        };

        let forgotten = ForgetLooksHandler::new(FixedClock::at(NOW))
            .handle(&command, &mut uow)
            .await;

        assert_eq!(forgotten.unwrap(), Forgotten { count, has_more });
    }
}
