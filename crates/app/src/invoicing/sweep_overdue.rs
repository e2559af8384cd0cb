//! Marking what was not paid in time as overdue.

use std::sync::Arc;

use domain::{
    actor::Actor,
    invoicing::{ChangeStatusError, InvoiceStatus},
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Mark one batch of sent and viewed invoices, of all organizations, whose due date is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SweepOverdue {
    /// How many at most.
    pub batch: i64,
}

/// What a batch has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// How many invoices were marked.
    pub marked: usize,
    /// Whether there may be more.
    pub has_more: bool,
}

/// Why a batch was given up.
#[derive(Debug, thiserror::Error)]
pub enum SweepOverdueError {
    /// An invoice did not allow it, although it was found as one that does.
    #[error(transparent)]
    Refused(#[from] ChangeStatusError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Marks invoices. Any number may run at once: each batch passes over what another has locked.
pub struct SweepOverdueHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl SweepOverdueHandler {
    /// What the timeline calls it.
    pub const ROLE: &'static str = "scheduler";

    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<SweepOverdue> for SweepOverdueHandler {
    type Output = Swept;
    type Error = SweepOverdueError;

    const NAME: &'static str = "sweep_overdue";

    async fn handle(
        &self,
        command: &SweepOverdue,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Swept, SweepOverdueError> {
        let (today, batch) = (self.clock.today(), command.batch);
        let late = uow.invoices().list_unswept_for_update(today, batch).await?;
        let marked = late.len();
        for mut invoice in late {
            invoice.advance(InvoiceStatus::Overdue, self.clock.now())?;

            uow.invoices().update(&invoice).await?;
            let caller = Caller {
                organization_id: invoice.facts().organization_id,
                actor: Actor::Role(Self::ROLE),
            };
            let recorder = Recorder::new(&caller, self.ids.as_ref());
            recorder.record(&mut invoice, uow).await?;
        }
        let has_more = i64::try_from(marked).is_ok_and(|marked| marked == batch);
        Ok(Swept { marked, has_more })
    }
}

#[cfg(test)]
mod tests;
