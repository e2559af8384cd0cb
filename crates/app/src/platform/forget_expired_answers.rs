//! Forgetting the answers to idempotent requests that nobody may repeat any more.

use crate::{
    ports::{StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Forget one batch of answers that are older than the retention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForgetExpiredAnswers {
    /// How many at most.
    pub batch: u32,
}

/// What a batch has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// How many answers were forgotten.
    pub count: u64,
    /// Whether there may be more.
    pub has_more: bool,
}

/// Forgets answers. Any number may run at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct ForgetExpiredAnswersHandler;

impl CommandHandler<ForgetExpiredAnswers> for ForgetExpiredAnswersHandler {
    type Output = Forgotten;
    type Error = StorageError;

    const NAME: &'static str = "forget_expired_answers";

    async fn handle(
        &self,
        command: &ForgetExpiredAnswers,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Forgotten, StorageError> {
        let batch = command.batch;
        let count = uow
            .idempotency_keys()
            .forget_expired(i64::from(batch))
            .await?;
        let has_more = count == u64::from(batch);
        Ok(Forgotten { count, has_more })
    }
}

#[cfg(test)]
mod tests;
