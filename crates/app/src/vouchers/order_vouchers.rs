//! Ordering vouchers in great number.

use std::sync::Arc;

use domain::{
    ids::{CampaignId, JobId},
    vouchers::{
        CampaignEnded, CampaignStatus, IssueJob, IssueJobFacts, TooManyJobs, VoucherCount,
        VoucherTerms, admit_job,
    },
};

use crate::{
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Have vouchers issued, with codes that nobody can guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderVouchers {
    /// For whom.
    pub caller: Caller,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// How many.
    pub count: VoucherCount,
    /// What is said of each.
    pub terms: VoucherTerms,
}

/// Why they are not issued.
#[derive(Debug, thiserror::Error)]
pub enum OrderVouchersError {
    /// There is no such campaign.
    #[error("there is no campaign {0}")]
    CampaignNotFound(CampaignId),
    /// The campaign is over for good.
    #[error(transparent)]
    Ended(#[from] CampaignEnded),
    /// Enough is waiting.
    #[error(transparent)]
    TooMany(#[from] TooManyJobs),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Takes orders for vouchers.
pub struct OrderVouchersHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl OrderVouchersHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<OrderVouchers> for OrderVouchersHandler {
    type Output = IssueJobFacts;
    type Error = OrderVouchersError;

    const NAME: &'static str = "order_vouchers";

    async fn handle(
        &self,
        command: &OrderVouchers,
        uow: &mut dyn UnitOfWork,
    ) -> Result<IssueJobFacts, OrderVouchersError> {
        let of = (command.caller.organization_id, command.campaign_id);
        let campaign = uow.campaigns().find(of.0, of.1).await?;
        let campaign = campaign.ok_or(OrderVouchersError::CampaignNotFound(of.1))?;
        if campaign.status == CampaignStatus::Ended {
            return Err(CampaignEnded.into());
        }
        admit_job(uow.issue_jobs().count_unfinished(of.0).await?)?;
        let id = JobId::from_uuid(self.ids.new_id());
        let what = (command.count, command.terms.clone());
        let job = IssueJob::order(id, of, what, self.clock.now());

        uow.issue_jobs().insert(&job).await?;
        Ok(job.facts().clone())
    }
}
