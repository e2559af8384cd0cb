//! Forgetting what was projected and is read by nobody any more.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::{
    ports::{Clock, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// A rebuild of which nothing was heard for this long has died. Each of its steps takes a moment; while it has not ended,
/// everything that happens is written twice.
const SILENCE_MAX: SignedDuration = SignedDuration::from_mins(10);

/// Forget some of what nobody reads, also what a rebuild has left that has died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForgetProjections {
    /// At most so many rows of each table.
    pub limit: i64,
}

/// Forgets projections of vouchers. Any number may run at once.
pub struct ForgetProjectionsHandler {
    clock: Arc<dyn Clock>,
}

impl ForgetProjectionsHandler {
    /// A handler on this port.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl CommandHandler<ForgetProjections> for ForgetProjectionsHandler {
    /// Whether there may be more.
    type Output = bool;
    type Error = StorageError;

    const NAME: &'static str = "forget_voucher_projections";

    async fn handle(
        &self,
        command: &ForgetProjections,
        uow: &mut dyn UnitOfWork,
    ) -> Result<bool, StorageError> {
        let now = self.clock.now();
        let silent_since = now.saturating_sub(SILENCE_MAX).unwrap_or(now);
        let projection = uow.voucher_projection();
        projection.forget_others(silent_since, command.limit).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FakeUnitOfWork, FixedClock, NOW};

    #[tokio::test]
    async fn a_rebuild_that_was_silent_for_ten_minutes_is_forgotten() {
        let mut uow = FakeUnitOfWork::default();
        uow.voucher_projection
            .expect_forget_others()
            .once()
            .withf(|since, limit| {
                (since.to_string(), *limit) == ("2026-11-20T11:50:00Z".to_owned(), 7)
            })
            .returning(|_, _| Ok(true));

        let forgotten = ForgetProjectionsHandler::new(FixedClock::at(NOW))
            .handle(&ForgetProjections { limit: 7 }, &mut uow)
            .await;

        assert!(forgotten.unwrap());
    }
}
