//! Changing what an organization tells of itself.

use std::sync::Arc;

use domain::{
    ids::OrganizationId,
    platform::{NumberPrefix, OrganizationFacts, OrganizationProfile, PaymentTerms},
    values::{Address, Currency, EmailAddress, Name, Rounding, TaxId},
    version::{Precondition, VersionConflict},
};

use super::Caller;
use crate::{
    events::Recorder,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// What is to be different. `None` keeps what is there; `Some(None)` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrganizationChanges {
    /// Its name.
    pub legal_name: Option<Name>,
    /// Its address.
    pub address: Option<Option<Address>>,
    /// Its tax number.
    pub tax_id: Option<Option<TaxId>>,
    /// Its e-mail address.
    pub email: Option<Option<EmailAddress>>,
    /// Its currency.
    pub default_currency: Option<Currency>,
    /// What its numbers start with.
    pub invoice_number_prefix: Option<NumberPrefix>,
    /// Its payment terms.
    pub payment_terms: Option<PaymentTerms>,
    /// Its rounding.
    pub rounding: Option<Rounding>,
}

impl OrganizationChanges {
    fn apply_to(&self, profile: &OrganizationProfile) -> OrganizationProfile {
        let old = profile.clone();
        let new = self.clone();
        OrganizationProfile {
            legal_name: new.legal_name.unwrap_or(old.legal_name),
            address: new.address.unwrap_or(old.address),
            tax_id: new.tax_id.unwrap_or(old.tax_id),
            email: new.email.unwrap_or(old.email),
            default_currency: new.default_currency.unwrap_or(old.default_currency),
            invoice_number_prefix: new
                .invoice_number_prefix
                .unwrap_or(old.invoice_number_prefix),
            payment_terms: new.payment_terms.unwrap_or(old.payment_terms),
            rounding: new.rounding.unwrap_or(old.rounding),
        }
    }
}

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
        let recorder = Recorder::new(&command.caller, self.ids.as_ref(), self.clock.as_ref());
        recorder.record(&mut organization, uow).await?;
        Ok(organization.facts().clone())
    }
}

#[cfg(test)]
mod tests;
