//! Issuing a voucher, with a code that the client has chosen or one that nobody can guess.

use std::sync::Arc;

use domain::{
    ids::{CampaignId, VoucherId},
    vouchers::{CampaignEnded, CampaignStatus, Voucher, VoucherCode, VoucherFacts, VoucherTerms},
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork, VoucherCodeGenerator, Written},
    transaction::CommandHandler,
};

/// Issue a voucher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueVoucher {
    /// For whom.
    pub caller: Caller,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// Its code, if the client has chosen one.
    pub code: Option<VoucherCode>,
    /// What is said of it.
    pub terms: VoucherTerms,
}

/// Why it was not issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueVoucherError {
    /// There is no such campaign.
    #[error("there is no campaign {0}")]
    CampaignNotFound(CampaignId),
    /// The campaign is over for good.
    #[error(transparent)]
    Ended(#[from] CampaignEnded),
    /// Its code is another's.
    #[error("another voucher has the code {0}")]
    AlreadyExists(VoucherCode),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Issues vouchers.
pub struct IssueVoucherHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    codes: Arc<dyn VoucherCodeGenerator>,
}

impl IssueVoucherHandler {
    /// A handler on these ports.
    pub fn new(
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        codes: Arc<dyn VoucherCodeGenerator>,
    ) -> Self {
        Self { clock, ids, codes }
    }
}

impl CommandHandler<IssueVoucher> for IssueVoucherHandler {
    type Output = VoucherFacts;
    type Error = IssueVoucherError;

    const NAME: &'static str = "issue_voucher";

    async fn handle(
        &self,
        command: &IssueVoucher,
        uow: &mut dyn UnitOfWork,
    ) -> Result<VoucherFacts, IssueVoucherError> {
        let of = (command.caller.organization_id, command.campaign_id);
        let campaign = uow.campaigns().find(of.0, of.1).await?;
        let campaign = campaign.ok_or(IssueVoucherError::CampaignNotFound(of.1))?;
        if campaign.status == CampaignStatus::Ended {
            return Err(CampaignEnded.into());
        }
        let code = command.code.clone();
        let code = code.unwrap_or_else(|| self.codes.new_voucher_code());
        let id = VoucherId::from_uuid(self.ids.new_id());
        let terms = (code, command.terms.clone());
        let mut voucher = Voucher::issue(id, of, terms, self.clock.now());

        if uow.vouchers().insert(&voucher).await? == Written::AlreadyThere {
            let code = voucher.facts().code.clone();
            return Err(IssueVoucherError::AlreadyExists(code));
        }
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut voucher, uow).await?;
        Ok(voucher.facts().clone())
    }
}
