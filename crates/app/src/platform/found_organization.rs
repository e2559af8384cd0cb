//! Founding an organization.

use std::sync::Arc;

use domain::{
    actor::Actor,
    ids::OrganizationId,
    platform::{Organization, OrganizationFacts, OrganizationProfile},
};

use super::Caller;
use crate::{
    events::Recorder,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Found an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundOrganization {
    /// What it tells of itself.
    pub profile: OrganizationProfile,
    /// Who wants it.
    pub actor: Actor,
}

/// Founds organizations.
pub struct FoundOrganizationHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl FoundOrganizationHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<FoundOrganization> for FoundOrganizationHandler {
    type Output = OrganizationFacts;
    type Error = StorageError;

    const NAME: &'static str = "found_organization";

    async fn handle(
        &self,
        command: &FoundOrganization,
        uow: &mut dyn UnitOfWork,
    ) -> Result<OrganizationFacts, StorageError> {
        let id = OrganizationId::from_uuid(self.ids.new_id());
        let mut organization = Organization::found(id, command.profile.clone(), self.clock.now());

        uow.organizations().insert(&organization).await?;
        let caller = Caller {
            organization_id: id,
            actor: command.actor.clone(),
        };
        let recorder = Recorder::new(&caller, self.ids.as_ref());
        recorder.record(&mut organization, uow).await?;
        Ok(organization.facts().clone())
    }
}

#[cfg(test)]
mod tests;
