//! Changing a campaign, pausing it, ending it.

use std::sync::Arc;

use domain::{
    ids::CampaignId,
    version::{Precondition, VersionConflict},
    vouchers::{CampaignFacts, CampaignRevision, ReviseError},
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Change this campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviseCampaign {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: CampaignId,
    /// Which versions may be changed.
    pub precondition: Precondition,
    /// What is to be different.
    pub revision: CampaignRevision,
}

/// Why it was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ReviseCampaignError {
    /// There is no such campaign.
    #[error("there is no campaign {0}")]
    NotFound(CampaignId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The campaign does not allow it.
    #[error(transparent)]
    Refused(#[from] ReviseError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Changes campaigns. Redemptions that are under way end first, and none begins before the change is there: once it is
/// answered, no voucher is redeemed by the old terms.
pub struct ReviseCampaignHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ReviseCampaignHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<ReviseCampaign> for ReviseCampaignHandler {
    type Output = CampaignFacts;
    type Error = ReviseCampaignError;

    const NAME: &'static str = "revise_campaign";

    async fn handle(
        &self,
        command: &ReviseCampaign,
        uow: &mut dyn UnitOfWork,
    ) -> Result<CampaignFacts, ReviseCampaignError> {
        let owner = command.caller.organization_id;
        let found = uow.campaigns().find_for_update(owner, command.id).await?;
        let mut campaign = found.ok_or(ReviseCampaignError::NotFound(command.id))?;
        command.precondition.check(campaign.facts().version)?;

        let begins_to_count = campaign.revise(&command.revision, self.clock.now())?;

        uow.campaigns().update(&campaign).await?;
        if begins_to_count {
            uow.campaigns().recount(command.id).await?;
        }
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut campaign, uow).await?;
        Ok(campaign.facts().clone())
    }
}
