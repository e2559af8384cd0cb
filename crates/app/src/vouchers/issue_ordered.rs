//! Issuing a piece of what was ordered.
//!
//! The codes, their events and the count of the job are written in one transaction that has the job to itself. Whoever dies in
//! the middle of it has done nothing, whoever comes too late cannot commit: exactly as many are issued as were ordered.

use std::sync::Arc;

use domain::{
    actor::Actor,
    ids::{JobId, OrganizationId, VoucherId},
    vouchers::{CampaignStatus, IssueJob, Voucher},
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork, VoucherCodeGenerator},
    transaction::CommandHandler,
};

/// Issue a piece of what was ordered by this job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IssueOrdered {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Which one.
    pub id: JobId,
}

/// Issues vouchers that were ordered.
pub struct IssueOrderedHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    codes: Arc<dyn VoucherCodeGenerator>,
}

impl IssueOrderedHandler {
    /// A handler on these ports.
    pub fn new(
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        codes: Arc<dyn VoucherCodeGenerator>,
    ) -> Self {
        Self { clock, ids, codes }
    }

    fn voucher_of(&self, job: &IssueJob) -> Voucher {
        let facts = job.facts();
        let id = VoucherId::from_uuid(self.ids.new_id());
        let of = (facts.organization_id, facts.campaign_id);
        let terms = (self.codes.new_voucher_code(), facts.terms.clone());
        Voucher::issue(id, of, terms, self.clock.now())
    }

    /// Issues vouchers, and tells how many of them: a code that is another's is passed over.
    async fn issue(
        &self,
        job: &IssueJob,
        mut vouchers: Vec<Voucher>,
        uow: &mut dyn UnitOfWork,
    ) -> Result<u32, StorageError> {
        let issued = uow.vouchers().insert_all(&vouchers).await?;
        vouchers.retain(|it| issued.contains(&it.facts().id));
        let caller = Caller {
            organization_id: job.facts().organization_id,
            actor: Actor::Role("worker"),
        };
        let recorder = Recorder::new(&caller, self.ids.as_ref());
        let mut events = Vec::with_capacity(vouchers.len());
        for voucher in &mut vouchers {
            events.extend(recorder.events_of(voucher));
        }
        uow.outbox().append(events, &caller.actor).await?;
        Ok(u32::try_from(vouchers.len()).unwrap_or_default())
    }
}

impl CommandHandler<IssueOrdered> for IssueOrderedHandler {
    /// Whether it was there to be worked at: it is not finished, and nobody else is at it.
    type Output = bool;
    type Error = StorageError;

    const NAME: &'static str = "issue_ordered_vouchers";

    async fn handle(
        &self,
        command: &IssueOrdered,
        uow: &mut dyn UnitOfWork,
    ) -> Result<bool, StorageError> {
        let owner = command.organization_id;
        let Some(mut job) = uow.issue_jobs().take_up(owner, command.id).await? else {
            return Ok(false);
        };
        let campaign_id = job.facts().campaign_id;
        let campaign = uow.campaigns().find(owner, campaign_id).await?;
        let status = campaign.map_or(CampaignStatus::Ended, |it| it.status);

        let size = job.next_piece(status, self.clock.now());
        if size > 0 {
            let vouchers = (0..size).map(|_| self.voucher_of(&job)).collect();
            let issued = self.issue(&job, vouchers, uow).await?;
            job.note_issued(issued, self.clock.now());
        }
        uow.issue_jobs().update(&job).await?;
        Ok(true)
    }
}
