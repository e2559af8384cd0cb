//! Launching a campaign.

use std::sync::Arc;

use domain::{
    ids::CampaignId,
    vouchers::{Campaign, CampaignFacts, CampaignTerms, InvalidTerms},
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Launch a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchCampaign {
    /// For whom.
    pub caller: Caller,
    /// What it offers.
    pub terms: CampaignTerms,
}

/// Why it was not launched.
#[derive(Debug, thiserror::Error)]
pub enum LaunchCampaignError {
    /// Its terms contradict themselves.
    #[error(transparent)]
    Invalid(#[from] InvalidTerms),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Launches campaigns.
pub struct LaunchCampaignHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl LaunchCampaignHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<LaunchCampaign> for LaunchCampaignHandler {
    type Output = CampaignFacts;
    type Error = LaunchCampaignError;

    const NAME: &'static str = "launch_campaign";

    async fn handle(
        &self,
        command: &LaunchCampaign,
        uow: &mut dyn UnitOfWork,
    ) -> Result<CampaignFacts, LaunchCampaignError> {
        let id = CampaignId::from_uuid(self.ids.new_id());
        let owner = command.caller.organization_id;
        let now = self.clock.now();
        let mut campaign = Campaign::launch(id, owner, command.terms.clone(), now)?;

        uow.campaigns().insert(&campaign).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut campaign, uow).await?;
        Ok(campaign.facts().clone())
    }
}
