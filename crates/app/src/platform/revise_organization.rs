//! Changing what an organization tells of itself.

use std::sync::Arc;

use domain::{
    ids::OrganizationId,
    platform::OrganizationFacts,
    version::{Precondition, VersionConflict},
};

use super::{Caller, OrganizationChanges};
use crate::{
    events::Recorder,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Change the caller's organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviseOrganization {
    /// For whom.
    pub caller: Caller,
    /// Which versions may be changed.
    pub precondition: Precondition,
    /// What is to be different.
    pub changes: OrganizationChanges,
}

/// Why an organization was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ReviseOrganizationError {
    /// It is gone.
    #[error("there is no organization {0}")]
    NotFound(OrganizationId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Changes organizations.
pub struct ReviseOrganizationHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ReviseOrganizationHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<ReviseOrganization> for ReviseOrganizationHandler {
    type Output = OrganizationFacts;
    type Error = ReviseOrganizationError;

    const NAME: &'static str = "revise_organization";

    async fn handle(
        &self,
        command: &ReviseOrganization,
        uow: &mut dyn UnitOfWork,
    ) -> Result<OrganizationFacts, ReviseOrganizationError> {
        let id = command.caller.organization_id;
        let found = uow.organizations().find_for_update(id).await?;
        let mut organization = found.ok_or(ReviseOrganizationError::NotFound(id))?;
        command.precondition.check(organization.facts().version)?;

        let profile = command.changes.apply_to(&organization.facts().profile);
        organization.revise(profile, self.clock.now());

        uow.organizations().update(&organization).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut organization, uow).await?;
        Ok(organization.facts().clone())
    }
}

#[cfg(test)]
mod tests;
