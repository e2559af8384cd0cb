//! Taking one block off the blocklist.

use std::sync::Arc;

use domain::{
    ids::VoucherBlockId,
    version::{Precondition, VersionConflict},
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{BlockChoice, Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Let whom this block is of redeem again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiftBlock {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: VoucherBlockId,
    /// Which versions may be lifted.
    pub precondition: Precondition,
}

/// Why it was not lifted.
#[derive(Debug, thiserror::Error)]
pub enum LiftBlockError {
    /// There is no such block.
    #[error("there is no block {0}")]
    NotFound(VoucherBlockId),
    /// It is in another version.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Lifts blocks.
pub struct LiftBlockHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl LiftBlockHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<LiftBlock> for LiftBlockHandler {
    type Output = ();
    type Error = LiftBlockError;

    const NAME: &'static str = "lift_voucher_block";

    async fn handle(
        &self,
        command: &LiftBlock,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), LiftBlockError> {
        let owner = command.caller.organization_id;
        let choice = BlockChoice::Id(command.id);
        let lifted = uow.voucher_blocklist().unblock(owner, choice).await?;
        let unknown = || LiftBlockError::NotFound(command.id);
        let mut block = lifted.into_iter().next().ok_or_else(unknown)?;
        command.precondition.check(block.facts().version)?;
        block.lift(self.clock.now());
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        Ok(recorder.record(&mut block, uow).await?)
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        ids::CustomerId,
        values::Metadata,
        version::Version,
        vouchers::{Blocked, VoucherBlock},
    };
    use uuid::Uuid;

    use super::*;
    use crate::testing::{FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, caller};

    fn id() -> VoucherBlockId {
        VoucherBlockId::from_uuid(Uuid::from_u128(1))
    }

    async fn lift(
        mut uow: FakeUnitOfWork,
        found: Option<VoucherBlock>,
        precondition: Precondition,
    ) -> Result<(), LiftBlockError> {
        uow.voucher_blocklist
            .expect_unblock()
            .withf(|owner, choice| (*owner, choice) == (ORGANIZATION, &BlockChoice::Id(id())))
            .return_once(|_, _| Ok(Vec::from_iter(found)));
        let command = LiftBlock {
            caller: caller(),
            id: id(),
            precondition,
        };
        LiftBlockHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
            .handle(&command, &mut uow)
            .await
    }

    fn block() -> VoucherBlock {
        let who = Blocked::Customer(CustomerId::from_uuid(Uuid::from_u128(7)));
        let what = (&who, Metadata::default());
        let mut block = VoucherBlock::block(id(), ORGANIZATION, what, NOW.parse().unwrap());
        block.take_events();
        block
    }

    #[tokio::test]
    async fn a_block_that_is_lifted_is_told_of() {
        let uow = FakeUnitOfWork::default().announcing("voucher_block.lifted", 2);

        let lifted = lift(
            uow,
            Some(block()),
            Precondition::OneOf(vec![Version::FIRST]),
        )
        .await;

        assert!(lifted.is_ok(), "{lifted:?}");
    }

    #[tokio::test]
    async fn a_block_that_is_unknown_or_another_version_is_not_lifted() {
        let stale = Precondition::OneOf(vec![Version::new(7)]);

        let unknown = lift(FakeUnitOfWork::default(), None, Precondition::Any).await;
        let changed = lift(FakeUnitOfWork::default(), Some(block()), stale).await;

        assert!(matches!(unknown, Err(LiftBlockError::NotFound(it)) if it == id()));
        assert!(matches!(changed, Err(LiftBlockError::Conflict(_))));
    }
}
