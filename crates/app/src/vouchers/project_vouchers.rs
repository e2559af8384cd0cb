//! Having queries see what events tell of vouchers.

use domain::ids::EventId;

use super::seen::Seen;
use crate::{
    ports::{Projected, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Have queries see this, but for what was dealt with before. No aggregate comes twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProjectVouchers {
    /// What events tell, each by its id.
    pub(super) seen: Vec<(EventId, Seen)>,
}

/// Writes projections.
pub(super) struct ProjectVouchersHandler;

impl ProjectVouchersHandler {
    /// What the inbox and the group of consumers call it.
    pub(super) const ROLE: &'static str = "voucher-projections";
}

impl CommandHandler<ProjectVouchers> for ProjectVouchersHandler {
    type Output = ();
    type Error = StorageError;

    const NAME: &'static str = "project_vouchers";

    async fn handle(
        &self,
        command: &ProjectVouchers,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), StorageError> {
        let ids: Vec<_> = command.seen.iter().map(|(id, _)| *id).collect();
        let new = uow.inbox().keep_new(Self::ROLE, &ids).await?;
        let mut projected = Projected::default();
        for (id, seen) in &command.seen {
            if new.contains(id) {
                add(&mut projected, seen.clone());
            }
        }
        if projected.count() == 0 {
            return Ok(());
        }
        // Behind the inbox, so that of two who deal with the same events neither waits for the other.
        let generations = uow.voucher_projection().hold().await?;
        let projection = uow.voucher_projection();
        projection.put(&generations.all(), &projected).await
    }
}

fn add(projected: &mut Projected, seen: Seen) {
    match seen {
        Seen::Campaign(facts) => projected.campaigns.push(*facts),
        Seen::Voucher(facts) => projected.vouchers.push(facts),
        Seen::Use(one) => projected.uses.push(one),
        Seen::Nothing => {}
    }
}
